using System.Text.Json.Serialization;
using Portal.Billing.Rating;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>What a command did. <see cref="Receipt"/> is there after a settle, <see cref="Quote"/> after a hold of a prompt.</summary>
/// <param name="Replayed">The stored outcome of an earlier command with the same key.</param>
public sealed record LedgerResult(IReadOnlyList<Part> Parts, HoldQuote? Quote = null, Receipt? Receipt = null, bool Replayed = false);

/// <summary>An amount that a source account gave.</summary>
/// <param name="Source">A code of <see cref="Data.Billing.LedgerCodes"/>.</param>
public sealed record Part(string Source, Unit Unit, long Amount, DateTimeOffset? ExpiresAt);

/// <summary>The worst case that was held. What is stored with the hold is only what the settle needs; the rest can be read from its transfers.</summary>
/// <param name="Terms">Stored by <paramref name="TermsKey"/>: a charge is priced by the terms that it was quoted with.</param>
/// <param name="Caps">What it reserved in the counters of caps.</param>
public sealed record HoldQuote(
    [property: JsonIgnore] Catalog.PriceTerms Terms, string TermsKey, MeteredUsage WorstCase, [property: JsonIgnore] PricedUsage Price,
    [property: JsonIgnore] IReadOnlyList<Part> Parts, string TierCounter, bool SeatOnly, Spender By, IReadOnlyList<CapPart> Caps);

/// <summary>An amount that a hold reserves in a cap's counter, and the limit that it was within.</summary>
public sealed record CapPart(string Counter, Data.Billing.CapMeter Meter, long Amount, long Limit);

/// <summary>How a prompt was charged: the parts add up to the units and the money, the lines and factors to the price.</summary>
/// <param name="UncollectedNanos">What could not be taken because the usage outran the hold and nothing free was left; normally 0.</param>
public sealed record Receipt(
    Guid HoldId, DateTimeOffset At, MeteredUsage Usage, long CoveredUnits, PricedUsage Price, IReadOnlyList<Part> Parts,
    int RateCardVersion, string Model, string? Plan, long UncollectedNanos)
{
    /// <summary>Money that was taken.</summary>
    [JsonIgnore]
    public long ChargedNanos => Price.AmountNanos - UncollectedNanos;
}
