namespace Portal.Data.Billing;

public enum ComputePoolState
{
    /// <summary>Not everyone has accepted yet: nothing is charged.</summary>
    Forming = 0,

    /// <summary>Paid up to its period's end.</summary>
    Running = 1,

    /// <summary>Somebody could not pay a period: nobody was charged, and nobody has the instance until everybody can.</summary>
    Unpaid = 2,

    Ended = 3,
}

/// <summary>A dedicated instance whose monthly cost several accounts share.</summary>
public sealed class ComputePool
{
    /// <summary>The form's token: a second click is the same pool.</summary>
    public Guid Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Whole minor units, in nanos.</summary>
    public long MonthlyNanos { get; set; }

    public ComputePoolState State { get; set; }

    /// <summary>When the first period of this row of periods began; they keep its day of the month.</summary>
    public DateTimeOffset? Anchor { get; set; }

    public DateTimeOffset? PeriodStart { get; set; }

    public DateTimeOffset? PeriodEnd { get; set; }

    /// <summary>Nothing is charged after the running period.</summary>
    public bool Ending { get; set; }

    public DateTimeOffset? UnpaidSince { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public List<ComputePoolMember> Members { get; set; } = [];
}
