namespace Portal.Data.Billing;

/// <summary>What an account owed for use on account when a month was over; one an account and month.</summary>
public sealed class PostpaidStatement
{
    public Guid AccountId { get; set; }

    /// <summary>The calendar month that was over, in the account's time zone, e.g. <c>2026-11</c>.</summary>
    public required string Month { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>The account's last transfer by then, prompts apart: what was credited later lowers what is left. The wallet's lock orders transfers; clocks do not.</summary>
    public long LastTransferId { get; set; }

    /// <summary>Owed from the statement before.</summary>
    public long BeforeNanos { get; set; }

    /// <summary>Used on account since then.</summary>
    public long UsedNanos { get; set; }

    /// <summary>Repaid, or given back, since then.</summary>
    public long RepaidNanos { get; set; }

    /// <summary>What is due: before, plus used, less repaid.</summary>
    public long OwedNanos { get; set; }

    /// <summary>Its document; null when nothing was owed.</summary>
    public Guid? InvoiceId { get; set; }

    public Invoice? Invoice { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? RemindedAt { get; set; }

    /// <summary>When it was found unpaid after <see cref="DueAt"/>: from then on nothing more can be used on account.</summary>
    public DateTimeOffset? OverdueAt { get; set; }

    /// <summary>The limit that was agreed, while it is blocked for this statement; null: it is not.</summary>
    public long? BlockedLimitNanos { get; set; }
}
