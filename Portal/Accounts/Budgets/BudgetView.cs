using Portal.Data.Billing;

namespace Portal.Accounts.Budgets;

/// <summary>A budget and what has counted in its window so far; amounts in nanos, tokens or standard images.</summary>
/// <param name="SubjectId">The project, key or membership; the account's own id for all of it.</param>
/// <param name="Name">Of what it limits.</param>
/// <param name="Limit">Null: it was lifted and counts on.</param>
/// <param name="Held">Reserved by prompts that run.</param>
/// <param name="Ends">When the window ends and it starts again, in the account's time; null: never.</param>
/// <param name="Window">Of the account's days and periods.</param>
/// <param name="Counter">Names the budget and its window: another one tomorrow.</param>
public sealed record BudgetView(
    Guid SubjectId, BudgetScope Scope, string Name, CapMeter Meter, CapWindow Window, long? Limit, long Used, long Held, string? Ends, string Counter)
{
    /// <summary>Used of the limit; above 1 when the limit was lowered or a model ran longer than asked.</summary>
    public decimal UsedShare => Limit switch { null => 0, 0 => Used > 0 ? 1 : 0, { } limit => (decimal)Used / limit };
}
