using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>An account's plan as it stands.</summary>
/// <param name="Extras">What the running period has beyond its plan.</param>
/// <param name="NextExtras">What the next period will have.</param>
/// <param name="NextPrice">What the next period will cost, with the coupons that last until then.</param>
/// <param name="Next">The plan from the next period on; null when it stays or ends.</param>
/// <param name="GraceEnd">Set while a renewal could not be paid: when the plan ends unless it is.</param>
public sealed record SubscriptionView(
    Guid Id, Plan Plan, PlanExtras Extras, PlanExtras NextExtras, PeriodPrice NextPrice, SubscriptionStatus Status,
    DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool CancelAtPeriodEnd, Plan? Next, DateTimeOffset? GraceEnd)
{
    public PlanTerm Term { get; init; }

    /// <summary>Until when the term binds; null by the month.</summary>
    public DateTimeOffset? TermEnd { get; init; }

    /// <summary>Of the next period.</summary>
    public PlanTerm NextTerm { get; init; }

    /// <summary>Whether an operator, who has written of it, moves it to another version of its plan; the customer cannot keep the old one.</summary>
    public bool IsMoved => Next is { } next && next.Key == Plan.Key && next.Id != Plan.Id && NextExtras == Extras;

    /// <summary>Whether the next period belongs to a year that is paid.</summary>
    public bool NextIsPaid { get; init; }

    /// <summary>Whether the next period belongs to the term that runs.</summary>
    public bool OwnContract { get; init; }

    /// <summary>When it ends unless it is renewed: with its period, within a term with the term.</summary>
    public DateTimeOffset Ends { get; init; }

    /// <summary>Months of the running term that begin after this period.</summary>
    public int MonthsLeft { get; init; }

    public Entitlement Entitlement { get; init; }

    /// <summary>While a renewal could not be paid: when the card is charged again; null: it is not.</summary>
    public DateTimeOffset? CardTriedAgainAt { get; init; }

    /// <summary>Why the card was declined; null: it was not, or there is none.</summary>
    public string? DeclineCode { get; init; }

    /// <summary>The plan of the next period; null when there is none.</summary>
    public Plan? Renews => OwnContract ? Plan : CancelAtPeriodEnd ? null : Next ?? Plan;
}
