using Microsoft.Extensions.Localization;
using Portal.Accounts.Budgets;
using Portal.Components.Shared.Amounts;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Components.Shared.Budgets;

/// <summary>How budgets are written.</summary>
internal static class BudgetFigures
{
    public static string Amount(this IStringLocalizer<SharedText> words, CapMeter meter, long amount) => meter switch
    {
        CapMeter.Money => new Money(amount).Write(),
        CapMeter.Tokens => words.Count(amount, Unit.Tokens),
        _ => words.Count(amount, Unit.Images),
    };

    /// <summary>For a bar: whole percents of the limit, 100 at most.</summary>
    public static int Percent(BudgetView budget) => (int)Math.Clamp(decimal.Floor(budget.UsedShare * 100), 0, 100);
}
