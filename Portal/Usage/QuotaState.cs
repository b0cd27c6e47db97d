using Portal.Data;

namespace Portal.Usage;

/// <summary>A quota as the ledger has it now, in its unit: granted = used + held + left.</summary>
/// <param name="EndsAt">When the part that ends first ends; null: never.</param>
public sealed record QuotaState(Unit Unit, long Granted, long Used, long Held, long Left, DateTimeOffset? EndsAt)
{
    /// <summary>Used of granted, 0..1.</summary>
    public decimal UsedShare => Granted <= 0 ? 0 : (decimal)Used / Granted;
}
