using Portal.Data;

namespace Portal.Support.Search;

/// <summary>One thing that a search found, whose customer's file it leads to.</summary>
/// <param name="Id">What it was found by, e.g. an invoice's number.</param>
/// <param name="Amount">What it is worth, when that is money.</param>
/// <param name="State">The resource's key after <c>State</c>; null: it has none.</param>
/// <param name="Href">Where it is seen.</param>
public sealed record FoundThing(FoundKind Kind, string Id, Guid AccountId, string Account, DateTimeOffset? At, Money? Amount, string? State, string Href);

/// <summary>What one question found: things by an id, or people by a part of their address.</summary>
public sealed record Findings(IReadOnlyList<FoundThing> Things, IReadOnlyList<CustomerHit> People)
{
    public bool None => Things.Count == 0 && People.Count == 0;
}
