using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Routing.Canaries;

/// <summary>Counts how canaries and their baselines do on this node, and adds it to everybody's figures every few seconds.</summary>
public sealed partial class CanaryTally(IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<CanaryTally> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Trial, CanarySide> counted = new();
    private readonly PeriodicTimer ticks = new(TimeSpan.FromSeconds(5), clock);

    public void Add(Trial trial, bool failed, long chargedNanos) => Add(trial, new CanarySide(1, failed ? 1 : 0, chargedNanos));

    /// <summary>Writes what was counted.</summary>
    public async Task Flush(CancellationToken cancel = default)
    {
        foreach (var trial in counted.Keys.ToList())
        {
            if (!counted.TryRemove(trial, out var side))
            {
                continue;
            }

            try
            {
                await Write(trial, side, cancel);
            }
            catch (Exception e) when (e is OperationCanceledException || LedgerFailure.IsDatabase(e))
            {
                Add(trial, side);
                Log.NotWritten(logger, e);
                return;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Flush(cancellationToken);
    }

    public override void Dispose()
    {
        ticks.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Next(stoppingToken))
        {
            await Flush(CancellationToken.None);
        }
    }

    private async Task<bool> Next(CancellationToken stop)
    {
        try
        {
            return await ticks.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Add(Trial trial, CanarySide side) => counted.AddOrUpdate(
        trial, side, (_, sum) => new CanarySide(sum.Requests + side.Requests, sum.Failures + side.Failures, sum.ChargedNanos + side.ChargedNanos));

    private async Task Write(Trial trial, CanarySide side, CancellationToken cancel)
    {
        if (await Increase(trial, side, cancel))
        {
            return;
        }

        await using var db = databases.CreateDbContext();
        if (!await db.ModelAliases.AnyAsync(a => a.Id == trial.AliasId && a.Version == trial.Version, cancel))
        {
            // The alias has changed meanwhile: nobody compares these any more.
            return;
        }

        db.AliasFigures.Add(new AliasFigures
        {
            AliasId = trial.AliasId, Version = trial.Version, Canary = trial.Canary, Requests = side.Requests, Failures = side.Failures, ChargedNanos = side.ChargedNanos,
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Another node was first, and the row is there; else it is a failure.
            if (!await Increase(trial, side, cancel))
            {
                throw;
            }
        }
    }

    private async Task<bool> Increase(Trial trial, CanarySide side, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.AliasFigures.Where(f => f.AliasId == trial.AliasId && f.Version == trial.Version && f.Canary == trial.Canary)
            .ExecuteUpdateAsync(set => set
                .SetProperty(f => f.Requests, f => f.Requests + side.Requests).SetProperty(f => f.Failures, f => f.Failures + side.Failures)
                .SetProperty(f => f.ChargedNanos, f => f.ChargedNanos + side.ChargedNanos), cancel) == 1;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What canaries did could not be written; it is tried again")]
        public static partial void NotWritten(ILogger logger, Exception cause);
    }
}
