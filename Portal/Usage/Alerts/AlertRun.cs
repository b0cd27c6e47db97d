using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>
/// Holds every wallet that changed against its rules. Tells on crossing only, and once a window however often the line
/// is crossed: event and letters are written in the transaction that marks the crossing.
/// </summary>
public sealed partial class AlertRun(IDbContextFactory<PortalDb> databases, AlertLetters letters, TimeProvider clock, ILogger<AlertRun> logger)
{
    // What was looked at already; another node, or this one after a restart, looks again and finds the crossing marked.
    private readonly ConcurrentDictionary<Guid, long> seen = new();

    /// <returns>How many alerts were raised.</returns>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        List<(Guid Id, long Version)> changed;
        await using (var db = databases.CreateDbContext())
        {
            var wallets = await db.Wallets.AsNoTracking().Where(w => w.Version > 0).Select(w => new { w.Id, w.Version }).ToListAsync(cancel);
            changed = [.. wallets.Where(w => seen.GetValueOrDefault(w.Id) != w.Version).Select(w => (w.Id, w.Version))];
        }

        return await EachAlone.Run(changed, logger, async wallet =>
        {
            var raised = await Look(wallet.Id, cancel);
            seen[wallet.Id] = wallet.Version;
            return raised;
        }, cancel);
    }

    /// <summary>Looks at one account now.</summary>
    /// <returns>How many alerts were raised.</returns>
    public async Task<int> Look(Guid accountId, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var measures = await AlertMeasures.Read(db, accountId, now, cancel);
        var rules = await AlertRules.Ensure(db, accountId, now, cancel);
        var raised = 0;
        foreach (var rule in rules.Where(r => r.Enabled))
        {
            var zone = LocalDays.Zone(await db.Accounts.Where(a => a.Id == accountId).Select(a => a.TimeZone).FirstAsync(cancel));
            var occasions = AlertOccasion.Of(rule, measures, now, zone).ToList();
            if (occasions.Count == 0 && rule.Crossed)
            {
                await db.AlertRules.Where(r => r.Id == rule.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Crossed, false), cancel);
            }

            // The balance's crossing is the mark alone; of quotas each unit crosses by itself, and so does each budget.
            else if (occasions.Count > 0 && (!rule.Crossed || rule.Kind != AlertKind.LowBalance))
            {
                raised += await Raise(db, rule, occasions, now, cancel);
            }
        }

        return raised;
    }

    private async Task<int> Raise(PortalDb db, AlertRule rule, List<AlertOccasion> occasions, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Also the lock: of two nodes that see the crossing one waits here and then finds the event.
        var live = await db.AlertRules.Where(r => r.Id == rule.Id && r.Enabled && r.Threshold == rule.Threshold)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Crossed, true), cancel);
        var told = live == 0 ? [] : await db.AlertEvents.Where(e => e.RuleId == rule.Id).Select(e => e.Window).ToListAsync(cancel);
        var fresh = live == 0 ? [] : occasions.Where(o => !told.Contains(o.Window)).ToList();
        foreach (var occasion in fresh)
        {
            db.AlertEvents.Add(new AlertEvent
            {
                Id = Guid.CreateVersion7(now), AccountId = rule.AccountId, RuleId = rule.Id, Kind = rule.Kind, Window = occasion.Window,
                Threshold = rule.Threshold, Value = occasion.Value, At = now,
            });
            await letters.Queue(db, rule, occasion, now, cancel);
            Log.Raised(logger, rule.Kind, rule.AccountId, occasion.Window);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return fresh.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Alert {Kind} of account {Account} raised for {Window}")]
        public static partial void Raised(ILogger logger, AlertKind kind, Guid account, string window);
    }
}
