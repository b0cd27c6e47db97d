namespace Portal.Data.Usage;

public enum AlertKind
{
    /// <summary>Spendable money fell below <see cref="AlertRule.Threshold"/> yuan.</summary>
    LowBalance = 0,

    /// <summary>The period's allowance is used to <see cref="AlertRule.Threshold"/> (0..1).</summary>
    QuotaShare = 1,

    /// <summary>A budget of the account, a project, a key or a member is used to <see cref="AlertRule.Threshold"/> (0..1).</summary>
    BudgetShare = 2,
}

public sealed class AlertRule
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public AlertKind Kind { get; set; }

    public decimal Threshold { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>Whether the condition held when last looked at: an alert is sent on crossing only.</summary>
    public bool Crossed { get; set; }
}
