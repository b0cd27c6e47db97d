using Portal.Billing.Ledger;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Work;

/// <summary>Gives every open batch its turn, one after another, for as long as there is something to do.</summary>
public sealed partial class BatchWorker(BatchLeases leases, BatchTurn turn, BatchHours hours, BatchSignal signal, TimeProvider clock, ILogger<BatchWorker> logger) : BackgroundService
{
    /// <summary>How often it looks for what other nodes took on, and whether a batch that it works on was cancelled.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>Gives each open batch that no other node has one turn.</summary>
    /// <returns>Whether anything was done.</returns>
    public async Task<bool> Round(CancellationToken stop)
    {
        var done = false;
        for (var seen = new List<Guid>(); await leases.Take(seen, await RunFrom(stop), stop) is { } batch; seen.Add(batch.Id))
        {
            done |= await Turn(batch, stop);
        }

        return done;
    }

    private async Task<DateTimeOffset?> RunFrom(CancellationToken stop) => hours.NobodyWaits || await hours.AreNow(stop) ? null : hours.UrgentFrom;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var looks = clock.CreateTimer(_ => signal.Ring(), null, Look, Look);
        try
        {
            while (true)
            {
                await signal.Wait(stoppingToken);
                while (await RoundOrNothing(stoppingToken))
                {
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was running is released and runs again.
        }
    }

    private async Task<bool> RoundOrNothing(CancellationToken stop)
    {
        try
        {
            return await Round(stop);
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            Log.Interrupted(logger, e);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One batch must not end all the others, and the portal with them.
            Log.Failed(logger, e);
            return false;
        }
    }

    private async Task<bool> Turn(Batch batch, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = Watch(batch, ending);
        try
        {
            return await turn.Take(batch, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            await ending.CancelAsync();
            await watching;
            await leases.Release(batch.Id);
        }
    }

    /// <summary>Keeps the batch this node's while its turn lasts, and ends the turn when it is cancelled, out of time or another's.</summary>
    private async Task Watch(Batch batch, CancellationTokenSource ending)
    {
        using var ticks = new PeriodicTimer(Look, clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(ending.Token))
            {
                var status = await leases.Renew(batch.Id, ending.Token);
                var cancelled = status == BatchStatus.Cancelling && batch.Status != BatchStatus.Cancelling;
                var late = status == BatchStatus.InProgress && clock.GetUtcNow() >= batch.ExpiresAt;
                if (status is null || cancelled || late)
                {
                    await ending.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            Log.Interrupted(logger, e);
            await ending.CancelAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Batches wait: the database does not answer")]
        public static partial void Interrupted(ILogger logger, Exception cause);

        [LoggerMessage(LogLevel.Error, "A batch's turn failed")]
        public static partial void Failed(ILogger logger, Exception cause);
    }
}
