using System.Globalization;
using Portal.Accounts.Budgets;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>One thing to tell about, once a window.</summary>
/// <param name="Window">Of a quota its unit and end, of the balance the account's day, of a budget its counter's name.</param>
/// <param name="Value">As <see cref="AlertEvent.Value"/>.</param>
/// <param name="Quota">The quota that was used up to the threshold.</param>
/// <param name="Budget">The budget that was.</param>
internal sealed record AlertOccasion(string Window, decimal Value, QuotaState? Quota = null, BudgetView? Budget = null)
{
    public static IEnumerable<AlertOccasion> Of(AlertRule rule, AlertMeasures measures, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (!AlertRules.Reached(rule.Kind, rule.Threshold, measures))
        {
            return [];
        }

        var day = LocalDays.DayOf(now, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return rule.Kind switch
        {
            AlertKind.LowBalance => [new AlertOccasion(day, measures.Money.Amount)],
            AlertKind.QuotaShare => measures.Quotas.Where(q => q.UsedShare >= rule.Threshold)
                .Select(q => new AlertOccasion($"{q.Unit}:{q.EndsAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? day}", q.UsedShare, q)),
            _ => measures.Budgets.Where(b => b.UsedShare >= rule.Threshold).Select(b => new AlertOccasion(b.Counter, b.UsedShare, Budget: b)),
        };
    }

    /// <summary>The unit of a quota's window; null for another's.</summary>
    public static Unit? UnitOf(string window) => Enum.TryParse<Unit>(window.Split(':')[0], out var unit) && window.Contains(':', StringComparison.Ordinal) ? unit : null;
}
