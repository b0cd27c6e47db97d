using System.Text.Json;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Prompts.Answers;

namespace Portal.Prompts;

/// <summary>
/// Writes a prompt's charge, or releases its hold, and tries again while the database cannot, for as long as the hold lives: both are known by the hold's
/// id, so that sending one again gives the first outcome.
/// </summary>
public sealed partial class PromptSettler(LedgerWriter ledger, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<PromptSettler> logger)
{
    /// <summary>Made in any case: when the hold is over already, or the portal stops and waits for them.</summary>
    private const int AttemptsMin = 5;

    private static readonly TimeSpan PauseStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <returns>The receipt, or why the charge could not be made: the hold then expires and nothing is charged.</returns>
    public async Task<Outcome<Receipt>> Settle(PromptPlan plan, MeteredUsage usage, PromptFinish finish, TimeSpan duration, PromptReply? reply)
    {
        var kept = plan.Request.Keep is { } keep && reply is not null ? new KeptReply(keep.Key, keep.RequestHash, JsonSerializer.Serialize(reply)) : null;
        var end = new PromptEnd(Name(finish), (int)Math.Min(int.MaxValue, duration.TotalMilliseconds), kept);
        var outcome = await Persist(new SettlePrompt(plan.Hold.WalletId, plan.Hold.HoldId, usage, end), plan.Hold.ExpiresAt);
        if (!outcome.IsDone(out var refusal, out var settled))
        {
            Log.NotSettled(logger, plan.Hold.HoldId, refusal.Code);
            return refusal;
        }

        if (settled.Receipt is { UncollectedNanos: > 0 and var nanos })
        {
            Log.Uncollected(logger, plan.Hold.HoldId, nanos);
        }

        return settled.Receipt!;
    }

    /// <summary>Gives back everything that the hold took. Best effort: what cannot be released now expires.</summary>
    /// <param name="until">The hold's end, when somebody may wait for that; without it, seconds.</param>
    public async Task Release(Guid walletId, Guid holdId, DateTimeOffset? until = null)
    {
        var outcome = await Persist(new VoidHold(walletId, holdId), until ?? clock.GetUtcNow());
        if (!outcome.IsDone(out var refusal))
        {
            Log.NotReleased(logger, holdId, refusal.Code);
        }
    }

    private async Task<Outcome<LedgerResult>> Persist(HoldCommand command, DateTimeOffset until)
    {
        // By a clock that nobody sets.
        var (began, left) = (clock.GetTimestamp(), until - clock.GetUtcNow());
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await ledger.Apply(command);
            if (outcome.IsDone(out var refusal) || !LedgerFailure.IsTemporary(refusal))
            {
                return outcome;
            }

            Log.Failed(logger, command.HoldId, attempt, refusal.Code);
            if (attempt >= AttemptsMin && (clock.GetElapsedTime(began) >= left || lifetime.ApplicationStopping.IsCancellationRequested))
            {
                return new Refusal("prompt.unsettled");
            }

            var pause = (attempt - 1) * PauseStep;
            await Task.Delay(pause < PauseMax ? pause : PauseMax, clock);
        }
    }

    private static string Name(PromptFinish finish) => finish switch
    {
        PromptFinish.Stop => "stop",
        PromptFinish.Length => "length",
        PromptFinish.Cancelled => "cancelled",
        PromptFinish.TimedOut => "timeout",
        _ => "failed",
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database failed on the settlement of prompt {HoldId}, attempt {Attempt}: {Refusal}")]
        public static partial void Failed(ILogger logger, Guid holdId, int attempt, string refusal);

        [LoggerMessage(LogLevel.Error, "Prompt {HoldId} was not settled: {Refusal}")]
        public static partial void NotSettled(ILogger logger, Guid holdId, string refusal);

        [LoggerMessage(LogLevel.Error, "Hold {HoldId} was not released: {Refusal}")]
        public static partial void NotReleased(ILogger logger, Guid holdId, string refusal);

        [LoggerMessage(LogLevel.Warning, "Prompt {HoldId} used more than it held and {Nanos} nanos could not be collected")]
        public static partial void Uncollected(ILogger logger, Guid holdId, long nanos);
    }
}
