using Portal.Billing.Ledger;

namespace Portal.Prompts;

/// <summary>
/// Lets nobody go on who may no longer act: a prompt ends within two seconds of its key's end, of its person's lock or of its seat's removal.
/// </summary>
public sealed partial class StandingWatch(PromptRunner runner, TimeProvider clock, ILogger<StandingWatch> logger) : BackgroundService
{
    private readonly PeriodicTimer ticks = new(TimeSpan.FromSeconds(1), clock);

    public override void Dispose()
    {
        ticks.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Next(stoppingToken))
        {
            try
            {
                await runner.StopTheUnwelcome(stoppingToken);
            }
            catch (Exception e) when (LedgerFailure.IsDatabase(e))
            {
                // Nobody knows who was revoked; the next look, a second later, may.
                Log.NotAsked(logger, e);
            }
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database did not say whose prompts may go on")]
        public static partial void NotAsked(ILogger logger, Exception cause);
    }
}
