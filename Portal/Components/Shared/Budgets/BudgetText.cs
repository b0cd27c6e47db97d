namespace Portal.Components.Shared.Budgets;

/// <summary>Names the resources beside this file.</summary>
public sealed class BudgetText;
