using Portal.Data.Catalog;

namespace Portal.Data.Billing;

public enum SubscriptionStatus
{
    Active = 0,
    PastDue = 1,
    Canceled = 2,

    /// <summary>Chosen, and begins with the money that is on its way.</summary>
    Incomplete = 3,
    Trialing = 4,
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

    public PlanTerm Term { get; set; }

    /// <summary>Until when the term binds; null by the month.</summary>
    public DateTimeOffset? TermEnd { get; set; }

    /// <summary>Nanos that were paid for the whole term at once; null: each month is paid by itself.</summary>
    public long? TermFeeNanos { get; set; }

    /// <summary>With <see cref="NextPlanId"/>.</summary>
    public PlanTerm NextTerm { get; set; }

    /// <summary>The key of the plan that was tried for nothing, once an account and once a person; null: it was paid from its first day.</summary>
    public string? TrialPlan { get; set; }

    /// <summary>Whether nothing but a trial was had of it yet. Such a plan has no grace: there is nothing that was paid.</summary>
    public bool UnpaidTrial { get; set; }

    /// <summary>Who began the trial.</summary>
    public Guid? TrialPersonId { get; set; }

    /// <summary>Nanos that the first period may cost at most, as it was shown; of an incomplete one.</summary>
    public long? AgreedNanos { get; set; }

    /// <summary>Since when the renewal could not be paid.</summary>
    public DateTimeOffset? PastDueSince { get; set; }

    /// <summary>How often the card was charged for the renewal that is due.</summary>
    public int CardAttempts { get; set; }

    /// <summary>When the card is charged next; null: it is not, or not any more.</summary>
    public DateTimeOffset? NextCardAttemptAt { get; set; }

    /// <summary>Why the card was declined last, as the gateway said it.</summary>
    public string? DeclineCode { get; set; }

    public DateTimeOffset? CanceledAt { get; set; }

    public long Version { get; set; }

    public Plan Plan { get; set; } = null!;
}
