namespace Portal.Data.Billing;

public enum TransferKind
{
    /// <summary>Moves at once.</summary>
    Immediate = 0,

    /// <summary>Reserves on the debit account until posted, voided or expired. Those of a prompt are in its <see cref="Hold.Sources"/>.</summary>
    Pending = 1,

    /// <summary>Resolves a pending transfer: moves <see cref="Transfer.Amount"/> and releases the rest.</summary>
    Post = 2,

    /// <summary>Resolves a pending transfer: releases all of it.</summary>
    Void = 3,

    /// <summary>As void, because its time ran out.</summary>
    Expire = 4,
}

/// <summary>An immutable row of the ledger: never updated, never deleted.</summary>
public sealed class Transfer
{
    public long Id { get; set; }

    public Guid WalletId { get; set; }

    public TransferKind Kind { get; set; }

    public long DebitId { get; set; }

    public long CreditId { get; set; }

    /// <summary>In the accounts' unit; 0 or more. Of a void or expiry: 0, because nothing moves.</summary>
    public long Amount { get; set; }

    /// <summary>Why: <c>topup</c>, <c>prompt</c>, <c>plan.fee</c>, <c>allocate</c> …</summary>
    public required string Code { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>What it belongs to: payment, subscription period, request.</summary>
    public required string Reference { get; set; }

    /// <summary>The hold that a pending transfer and its resolution belong to.</summary>
    public Guid? HoldId { get; set; }

    /// <summary>Which of the hold's sources: a pending transfer and the row that resolves it have the same, and there is one of each.</summary>
    public int Part { get; set; }

    /// <summary>In memory only, as <see cref="Credit"/>.</summary>
    public LedgerAccount Debit { get; set; } = null!;

    public LedgerAccount Credit { get; set; } = null!;
}
