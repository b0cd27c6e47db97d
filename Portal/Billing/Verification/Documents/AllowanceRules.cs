using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Documents;

/// <summary>A plan that is had runs in a period that was opened for it, and each period was granted its units, once and no more.</summary>
internal static class AllowanceRules
{
    /// <summary>Of two changes in one second the second period begins a second later than it was granted.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <param name="grants">What periods were granted.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> grants, DateTimeOffset? since, CancellationToken cancel) =>
        [.. await Running(db, cancel), .. await Granted(db, grants, since, cancel)];

    private static async Task<IEnumerable<Finding>> Running(PortalDb db, CancellationToken cancel)
    {
        var astray = await db.Subscriptions
            .Where(s => s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.Incomplete
                && !db.SubscriptionPeriods.Any(p => p.SubscriptionId == s.Id && p.Start == s.PeriodStart && p.End == s.PeriodEnd && p.PlanId == s.PlanId))
            .OrderBy(s => s.Id).Select(s => new { s.Id, s.PlanId, s.PeriodStart, s.PeriodEnd }).ToListAsync(cancel);
        return astray.Select(s => new Finding("subscription.running", $"Subscriptions {s.Id}", $"has plan {s.PlanId} from {s.PeriodStart:u} to {s.PeriodEnd:u}, and no period says so"));
    }

    private static async Task<IEnumerable<Finding>> Granted(PortalDb db, List<TransferRow> grants, DateTimeOffset? since, CancellationToken cancel)
    {
        var granted = grants.GroupBy(t => (t.WalletId, t.Reference)).ToDictionary(g => g.Key, g => g.Sum(t => (decimal)t.Amount));
        var findings = new List<Finding>();
        var periods = db.SubscriptionPeriods.Join(db.Subscriptions, p => p.SubscriptionId, s => s.Id, (p, s) => new { p.SubscriptionId, s.AccountId, p.Start, p.Units });
        await foreach (var p in periods.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var read = granted.Remove((p.AccountId, NewPeriod.ReferenceOf(p.SubscriptionId, p.Start)), out var units) || !(p.Start - Ahead < since);
            if (read && units != p.Units)
            {
                findings.Add(new Finding("period.units", $"SubscriptionPeriods {p.SubscriptionId} {p.Start:u}", $"says that it granted {p.Units} units, {units} were"));
            }
        }

        return [.. findings, .. granted.Select(g => new Finding("grant.unknown", $"Transfers {g.Key.WalletId}", $"{g.Value} units were granted for '{g.Key.Reference}', which is no period"))];
    }
}
