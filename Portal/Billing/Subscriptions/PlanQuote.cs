using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>Exactly what choosing a plan would do, as of <see cref="At"/>: what the confirmation shows and what is then done.</summary>
/// <param name="Extras">What comes with the plan.</param>
/// <param name="Price">Of a period, of a year that is paid at once the year; of a change at the period's end as coupons and factors are then.</param>
/// <param name="CurrentExtras">What the running period has.</param>
/// <param name="At">A whole second. A quote can be confirmed for <see cref="PlanDesk.QuoteLife"/> from then on.</param>
/// <param name="CreditNanos">For the period that is left; exact, before the total is rounded to minor units.</param>
/// <param name="TotalNanos">What is taken now: whole minor units, 0 for a change at the period's end.</param>
/// <param name="From">The first period with the plan.</param>
/// <param name="TakenBack">Units of the old allowance that the credit pays for.</param>
/// <param name="SpendableNanos">Before the change.</param>
public sealed record PlanQuote(
    PlanChangeKind Kind, Plan Plan, PlanExtras Extras, PeriodPrice Price, Plan? Current, PlanExtras CurrentExtras, DateTimeOffset At, long CreditNanos, long TotalNanos,
    DateTimeOffset From, DateTimeOffset To, long TakenBack, long SpendableNanos)
{
    public PlanTerm Term { get; init; }

    /// <summary>Until when the term binds; null by the month.</summary>
    public DateTimeOffset? TermEnd { get; init; }

    /// <summary>Whether the change waits for the end of a term that runs, and not only of its period.</summary>
    public bool WaitsForTerm { get; init; }

    /// <summary>What paying the same by the month would cost more, over the whole term; zero by the month.</summary>
    public Money Saved => Term == PlanTerm.Monthly ? Money.Zero : new(checked((Price.List - Price.Termed).Nanos * (Term == PlanTerm.Contract ? Terms.Months : 1)));

    /// <summary>Units that a period grants.</summary>
    public long Units => checked(Plan.IncludedUnits + Extras.Tokens);

    /// <summary>Prompts at the same time; null: no limit of the plan's own.</summary>
    public int? MaxConcurrent => Plan.MaxConcurrent + Extras.Concurrent;

    public Money Credit => new(CreditNanos);

    public Money Total => new(TotalNanos);

    public Money Spendable => new(SpendableNanos);

    public Money After => Spendable - Total;

    /// <summary>What must be paid in first, in whole minor units; zero when the balance suffices.</summary>
    public Money Missing => Total <= Spendable ? Money.Zero : (Total - Spendable).CeilingToMinorUnits();
}
