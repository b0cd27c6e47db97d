namespace Portal.Data.Billing;

/// <summary>Points that an account was given for something, or gave for credit. One an account, task and window.</summary>
public sealed class PointsEntry
{
    /// <summary>Also the subject of the credit that points were given for.</summary>
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    /// <summary>What it was for: <c>check-in</c>, a task's key, <c>redeem</c>.</summary>
    public required string Task { get; set; }

    /// <summary>What it can be had once for: a day, nothing (once for good), a form's token.</summary>
    public required string Window { get; set; }

    /// <summary>Positive when given, negative when redeemed.</summary>
    public long Points { get; set; }

    /// <summary>Credit that was granted for redeemed points.</summary>
    public long CreditNanos { get; set; }

    public DateTimeOffset At { get; set; }
}
