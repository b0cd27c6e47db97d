using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Payments;

public enum DisputeStatus
{
    /// <summary>The bank waits for evidence.</summary>
    NeedsResponse = 0,

    /// <summary>Evidence was sent; the bank decides.</summary>
    UnderReview = 1,

    /// <summary>The money stays here, and the frozen credit is the customer's again.</summary>
    Won = 2,

    /// <summary>The money is gone, and so is the frozen credit.</summary>
    Lost = 3,
}

/// <summary>A payment that the card's holder contests at their bank.</summary>
public sealed class Dispute
{
    public const int EvidenceLengthMax = 4000;

    /// <summary>As the gateway names it, <c>dp_…</c>.</summary>
    public required string Id { get; set; }

    /// <summary>The ledger's hold of the frozen credit.</summary>
    public Guid HoldId => new(SHA256.HashData(Encoding.UTF8.GetBytes(Id)).AsSpan(0, 16));

    /// <summary>The ledger's hold of the frozen part of the payment's bonus, if any of it was unspent.</summary>
    public Guid BonusHoldId => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}:bonus")).AsSpan(0, 16));

    public Guid PaymentId { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>What the bank wants back: whole minor units, in nanos.</summary>
    public long AmountNanos { get; set; }

    /// <summary>
    /// Purchased credit that is frozen for it, or gone when it was lost; given back when it was won. Beyond <see cref="AmountNanos"/> for what was spent of
    /// the payment's bonus.
    /// </summary>
    public long FrozenNanos { get; set; }

    /// <summary>What was spent of the payment and its bonus, and could not be frozen: the account owes it when the dispute is lost.</summary>
    public long SpentNanos { get; set; }

    /// <summary>The gateway's word, e.g. <c>fraudulent</c>.</summary>
    public required string Reason { get; set; }

    public DisputeStatus Status { get; set; }

    /// <summary>Until when the bank takes evidence; null when the gateway names no day.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>What the staff sent to the bank last.</summary>
    public string? Evidence { get; set; }

    public Guid? EvidenceById { get; set; }

    public DateTimeOffset? EvidenceAt { get; set; }
}
