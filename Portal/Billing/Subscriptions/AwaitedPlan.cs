using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>A plan that begins by itself when the money for it has come.</summary>
/// <param name="Fee">What it costs at most.</param>
/// <param name="Until">When it waits no more.</param>
public sealed record AwaitedPlan(Plan Plan, Money Fee, DateTimeOffset Until);
