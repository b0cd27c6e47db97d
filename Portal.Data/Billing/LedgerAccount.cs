namespace Portal.Data.Billing;

/// <summary>
/// One account of a wallet in one unit. <see cref="Balance"/> is credits less debits of all posted transfers;
/// <see cref="Held"/> is what open holds have reserved to be debited. Sums over a wallet and unit are zero.
/// </summary>
public sealed class LedgerAccount
{
    public long Id { get; set; }

    /// <summary>The account whose wallet this belongs to.</summary>
    public Guid WalletId { get; set; }

    /// <summary>One of <see cref="LedgerCodes"/>.</summary>
    public required string Code { get; set; }

    public Unit Unit { get; set; }

    /// <summary>What tells accounts of one code apart: a seat, a grant, an expiry; empty for the only one.</summary>
    public required string Key { get; set; }

    /// <summary>The seat (membership) or grant it belongs to.</summary>
    public Guid? SubjectId { get; set; }

    public long Balance { get; set; }

    public long Held { get; set; }

    /// <summary>The least that <see cref="Balance"/> − <see cref="Held"/> may be: 0 for what a customer owns, −limit for postpaid, null for contra accounts.</summary>
    public long? Floor { get; set; }

    /// <summary>From then on nothing can be drawn; a job books the rest back.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
