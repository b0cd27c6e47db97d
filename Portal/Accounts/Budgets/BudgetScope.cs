namespace Portal.Accounts.Budgets;

/// <summary>What a budget limits.</summary>
public enum BudgetScope
{
    Account = 0,
    Project = 1,
    Key = 2,
    Seat = 3,
}
