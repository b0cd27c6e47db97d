using Portal.Billing.Ledger;

namespace Portal.Prompts.Answers;

/// <summary>What paid, as a person reads it.</summary>
public static class PaidParts
{
    /// <summary>One part a kind of source, in the burn order; grants that expire at different times are one.</summary>
    public static IReadOnlyList<Part> BySource(IEnumerable<Part> parts) =>
        [.. parts.GroupBy(p => (p.Source, p.Unit)).Select(g => new Part(g.Key.Source, g.Key.Unit, g.Sum(p => p.Amount), null))];
}
