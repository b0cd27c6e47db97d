using Portal.Accounts.Budgets;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>An account's alert rules and what they raised, the newest first.</summary>
public sealed record AlertsView(IReadOnlyList<AlertRuleView> Rules, IReadOnlyList<AlertEventView> History);

/// <param name="Threshold">Yuan of the balance, or a share of 0..1 of the quota.</param>
/// <param name="Reached">The condition holds at this moment.</param>
/// <param name="Quotas">What the quota rule watches; empty for another, or when the account has none.</param>
/// <param name="Budgets">What the budget rule watches.</param>
public sealed record AlertRuleView(Guid Id, AlertKind Kind, decimal Threshold, bool Enabled, bool Reached, Money Balance, IReadOnlyList<QuotaState> Quotas, IReadOnlyList<BudgetView> Budgets);

/// <param name="Unit">Of a quota; null for the balance and for budgets.</param>
/// <param name="Threshold">As it was then.</param>
/// <param name="Value">Yuan, or a share of 0..1.</param>
public sealed record AlertEventView(Guid Id, DateTimeOffset At, AlertKind Kind, Unit? Unit, decimal Threshold, decimal Value);
