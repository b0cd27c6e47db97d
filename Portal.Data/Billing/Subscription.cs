using Portal.Data.Catalog;

namespace Portal.Data.Billing;

public enum SubscriptionStatus
{
    Active = 0,
    PastDue = 1,
    Canceled = 2,
}

/// <summary>An account's plan. At most one that is not canceled an account.</summary>
public sealed class Subscription
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public int PlanId { get; set; }

    public SubscriptionStatus Status { get; set; }

    /// <summary>The first period's start; every period starts on this day of the month, or on the month's last.</summary>
    public DateTimeOffset Anchor { get; set; }

    public DateTimeOffset PeriodStart { get; set; }

    public DateTimeOffset PeriodEnd { get; set; }

    /// <summary>Tokens a period that were added to the plan's.</summary>
    public long ExtraTokens { get; set; }

    /// <summary>Prompts at the same time that were added to the plan's.</summary>
    public int ExtraConcurrent { get; set; }

    public bool CancelAtPeriodEnd { get; set; }

    /// <summary>The plan from the next period on, when it or what is added to it changes.</summary>
    public int? NextPlanId { get; set; }

    /// <summary>With <see cref="NextPlanId"/>.</summary>
    public long NextExtraTokens { get; set; }

    /// <summary>With <see cref="NextPlanId"/>.</summary>
    public int NextExtraConcurrent { get; set; }

    /// <summary>Since when the renewal could not be paid.</summary>
    public DateTimeOffset? PastDueSince { get; set; }

    public DateTimeOffset? CanceledAt { get; set; }

    public long Version { get; set; }

    public Plan Plan { get; set; } = null!;
}
