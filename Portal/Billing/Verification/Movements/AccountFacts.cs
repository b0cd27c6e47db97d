using Portal.Data;

namespace Portal.Billing.Verification.Movements;

/// <summary>What an account keeps, and what its transfers add up to. A corrupted amount may leave 64 bits: the sums cannot.</summary>
internal sealed record AccountFacts(long Id, Guid WalletId, string Code, Unit Unit, long Balance, long Held, long? Floor)
{
    public Int128 Moved { get; set; }

    public Int128 Pending { get; set; }
}
