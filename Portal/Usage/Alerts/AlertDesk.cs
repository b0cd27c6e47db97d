using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>Shows and changes an account's alert rules. For those who manage its billing.</summary>
public sealed class AlertDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>Yuan.</summary>
    public const decimal BalanceMin = 0.01m;

    /// <summary>Yuan.</summary>
    public const decimal BalanceMax = 1_000_000m;

    private const int HistoryMax = 50;

    public async Task<Outcome<AlertsView>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var measures = await AlertMeasures.Read(db, caller.AccountId, now, cancel);
        var rules = await AlertRules.Ensure(db, caller.AccountId, now, cancel);
        var events = await db.AlertEvents.AsNoTracking().Where(e => e.AccountId == caller.AccountId).OrderByDescending(e => e.At).Take(HistoryMax).ToListAsync(cancel);
        return new AlertsView(
            [
                .. rules.Select(r => new AlertRuleView(
                    r.Id, r.Kind, r.Threshold, r.Enabled, AlertRules.Reached(r.Kind, r.Threshold, measures),
                    measures.Money, r.Kind == AlertKind.QuotaShare ? measures.Quotas : [], r.Kind == AlertKind.BudgetShare ? measures.Budgets : [])),
            ],
            [.. events.Select(e => new AlertEventView(e.Id, e.At, e.Kind, AlertOccasion.UnitOf(e.Window), e.Threshold, e.Value))]);
    }

    /// <param name="threshold">Yuan with at most two decimals, or a share of 0.01..1 in whole percents.</param>
    public async Task<Outcome<Done>> Change(Caller caller, Guid ruleId, decimal threshold, bool enabled, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        if (await db.AlertRules.FirstOrDefaultAsync(r => r.Id == ruleId && r.AccountId == caller.AccountId, cancel) is not { } rule)
        {
            return Refusal.NotFound;
        }

        if (!IsThreshold(rule.Kind, threshold))
        {
            return rule.Kind == AlertKind.LowBalance
                ? new Refusal("alert.balance", BalanceMin.ToString(CultureInfo.InvariantCulture), BalanceMax.ToString(CultureInfo.InvariantCulture))
                : new Refusal("alert.share");
        }

        // A line that is moved or switched on across where things stand is not a crossing; the page says that it is reached.
        rule.Crossed = AlertRules.Reached(rule.Kind, threshold, await AlertMeasures.Read(db, caller.AccountId, now, cancel));
        rule.Threshold = threshold;
        rule.Enabled = enabled;
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    private static bool IsThreshold(AlertKind kind, decimal threshold) => kind == AlertKind.LowBalance
        ? threshold is >= BalanceMin and <= BalanceMax && decimal.Round(threshold, 2) == threshold
        : threshold is >= 0.01m and <= 1m && decimal.Round(threshold, 2) == threshold;
}
