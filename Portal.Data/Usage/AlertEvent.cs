namespace Portal.Data.Usage;

/// <summary>An alert that was raised; one a rule and window.</summary>
public sealed class AlertEvent
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid RuleId { get; set; }

    public AlertKind Kind { get; set; }

    /// <summary>The window that it counts for, e.g. a period's start; unique with the rule.</summary>
    public required string Window { get; set; }

    public decimal Threshold { get; set; }

    /// <summary>The measured value: yuan, or a share of 0..1.</summary>
    public decimal Value { get; set; }

    public DateTimeOffset At { get; set; }
}
