using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Inference;
using Portal.Prompts.Answers;
using Portal.Prompts.Cache;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing.Canaries;

namespace Portal.Prompts;

/// <summary>
/// The one way of a prompt: check → reserve the worst case → run → charge what was delivered. A started prompt is the runner's: it settles it even
/// when the page or the client that asked is gone.
/// </summary>
public sealed partial class PromptRunner(
    PromptPlanner planner, WalletReader wallets, LedgerWriter ledger, PromptSettler settler, AnswerCache cache, CanaryTally tally, Callers callers, TimeProvider clock,
    IOptions<PromptsOptions> options, IHostApplicationLifetime lifetime, ILogger<PromptRunner> logger) : IHostedService
{
    // What the settle may take after the model was stopped, before the hold expires under it.
    private static readonly TimeSpan SettleTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Live> running = new();

    /// <summary>What may still hold something: prompts that are being taken on, that run, or whose hold is being released.</summary>
    private readonly ConcurrentDictionary<Task, byte> unresolved = new();

    /// <summary>What the request would hold now, by the hold's own terms and arithmetic; nothing is reserved.</summary>
    public async Task<Outcome<PromptPreview>> Preview(Caller caller, PromptRequest request, CancellationToken cancel = default)
    {
        var planned = await planner.Plan(caller, request, givesWay: false, cancel);
        if (!planned.IsDone(out var refusal))
        {
            return refusal;
        }

        var (quote, missing) = await wallets.Preview(planned.Value.Hold, cancel);
        return new PromptPreview(quote, missing, planned.Value.MaxTokens);
    }

    /// <summary>Reserves and starts. Refused: nothing was reserved and nothing runs.</summary>
    /// <param name="stop">Ends the run, now or later; what was delivered by then is charged.</param>
    public async Task<Outcome<PromptRun>> Start(Caller caller, PromptRequest request, CancellationToken stop)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        return await Watched(Take(caller, request, stop));
    }

    private async Task<Outcome<PromptRun>> Take(Caller caller, PromptRequest request, CancellationToken stop)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return new Refusal("prompt.stopped");
        var planned = await planner.Plan(caller, request, givesWay: true, stop);
        if (!planned.IsDone(out var refusal))
        {
            return refusal;
        }

        var plan = planned.Value;
        var held = await Hold(plan, stop);
        if (!held.IsDone(out refusal))
        {
            return refusal;
        }

        var run = new PromptRun(plan.Hold.HoldId, plan.Route.Model, held.Value.Quote!, plan.Cached, plan.Degraded);
        var live = new Live(run, caller, request.Batch, new CancellationTokenSource());
        running[run.Id] = live;
        run.Started(Watched(Task.Run(() => Execute(live, plan, stop), CancellationToken.None)));
        return run;
    }

    /// <summary>Whether somebody waits for an answer: batches do not count.</summary>
    public bool IsAsked => running.Values.Any(live => !live.Batch);

    /// <summary>Stops what runs for callers who may no longer act; what was delivered is charged. One look for all of them.</summary>
    public async Task StopTheUnwelcome(CancellationToken cancel = default)
    {
        var lives = running.Values.ToList();
        var gone = await callers.Gone([.. lives.Select(live => live.Caller)], clock.GetUtcNow(), cancel);
        foreach (var live in lives.Where(live => gone.Contains(live.Caller)))
        {
            Log.Unwelcome(logger, live.Run.Id);
            await live.Revoked.CancelAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until nothing is held any more for what ran; <see cref="IHostApplicationLifetime.ApplicationStopping"/> has stopped it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was being taken on runs now, and is stopped in its turn.
        while (unresolved.Keys is { Count: > 0 } left)
        {
            await Task.WhenAll(left).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private T Watched<T>(T task)
        where T : Task
    {
        unresolved.TryAdd(task, 0);
        task.ContinueWith(_ => unresolved.TryRemove(task, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private async Task<Outcome<LedgerResult>> Hold(PromptPlan plan, CancellationToken stop)
    {
        var command = plan.Hold;
        var held = await ledger.Apply(command, stop);
        if (held.Refusal == LedgerFailure.Unknown && plan.Request.Keep is null && !running.ContainsKey(command.HoldId))
        {
            // It may be committed all the same, and nobody would run or release it before it expires. Under a key the hold may be the first request's, which runs.
            // Whoever asked need not wait for that.
            _ = Watched(settler.Release(command.WalletId, command.HoldId, command.ExpiresAt));
        }

        return held;
    }

    private async Task<PromptResult> Execute(Live live, PromptPlan plan, CancellationToken stop)
    {
        var run = live.Run;
        try
        {
            return await Generate(live, plan, stop);
        }
        catch (Exception e)
        {
            // Nobody awaits this but readers of the outcome; the hold that is left expires, uncharged.
            Log.Lost(logger, e, run.Id);
            return new PromptResult(PromptFinish.Failed, null, new Refusal("prompt.unsettled"));
        }
        finally
        {
            run.Writer.TryComplete();
            running.TryRemove(run.Id, out _);
        }
    }

    private async Task<PromptResult> Generate(Live live, PromptPlan plan, CancellationToken stop)
    {
        var (run, revoked) = (live.Run, live.Revoked.Token);
        var began = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(options.Value.HoldMinutes) - SettleTime, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, revoked, limit.Token, lifetime.ApplicationStopping);
        var answer = new PromptAnswer(run.Id, keep: plan.Request.Keep is not null || plan.Cache is { Found: null });
        Refusal? failure = null;
        try
        {
            await foreach (var update in plan.Generate(ending.Token))
            {
                answer.Add(update);
                run.Writer.TryWrite(update);
            }

            failure = answer.Finish is null && !ending.IsCancellationRequested ? Failure(plan, answer) : null;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            Log.Stopped(logger, run.Id);
        }
        catch (ModelBusyException)
        {
            failure = new Refusal("model.busy", plan.Request.Model);
        }
        catch (ModelUnloadedException)
        {
            failure = IsFree(plan, answer) ? new Refusal("model.unavailable", plan.Request.Model) : new Refusal("prompt.stopped-midway");
        }
        catch (Exception e)
        {
            // Whatever a model throws, the hold must be resolved.
            Log.ModelFailed(logger, e, plan.Request.Model, run.Id);
            failure = Failure(plan, answer);
        }

        run.Writer.TryComplete();
        var left = stop.IsCancellationRequested || revoked.IsCancellationRequested;
        var finish = failure is not null ? PromptFinish.Failed
            : plan.Request.Whole && left ? PromptFinish.Cancelled
            : answer.Finish ?? (left || !limit.IsCancellationRequested ? PromptFinish.Cancelled : PromptFinish.TimedOut);
        failure ??= finish == PromptFinish.Cancelled ? WhyCancelled(plan, answer, stop, revoked) : null;
        var result = await Charge(plan, answer, finish, failure, clock.GetElapsedTime(began));
        if (plan.Route.Trial is { } trial && plan.Cache?.Found is null && (finish is PromptFinish.Stop or PromptFinish.Length || failure?.Code is "model.failed" or "model.failed-midway"))
        {
            tally.Add(trial, finish == PromptFinish.Failed, result.Receipt?.ChargedNanos ?? 0);
        }

        return result;
    }

    private async Task<PromptResult> Charge(
        PromptPlan plan, PromptAnswer answer, PromptFinish finish, Refusal? failure, TimeSpan duration)
    {
        if (answer.Delivered is not { } delivered || (plan.Request.Whole && finish is PromptFinish.Failed or PromptFinish.Cancelled))
        {
            await settler.Release(plan.Hold.WalletId, plan.Hold.HoldId, plan.Hold.ExpiresAt);
            return new PromptResult(finish, null, failure);
        }

        var settled = await settler.Settle(plan, delivered, finish, duration, answer.ToReply(finish, plan));
        if (plan.Cache is { Found: null, Key: var key } && failure is null && settled.IsDone(out _))
        {
            await cache.Keep(plan.Hold.WalletId, plan.Hold.By.ProjectId, key, answer.Text, delivered, finish);
        }

        return settled.IsDone(out var refusal)
            ? new PromptResult(finish, settled.Value, failure)
            : new PromptResult(finish, null, refusal);
    }

    /// <returns>Null: the caller wanted it so.</returns>
    private static Refusal? WhyCancelled(PromptPlan plan, PromptAnswer answer, CancellationToken stop, CancellationToken revoked) =>
        revoked.IsCancellationRequested ? new Refusal("prompt.access-ended")
        : stop.IsCancellationRequested ? null
        : new Refusal(IsFree(plan, answer) ? "prompt.stopped" : "prompt.stopped-midway");

    private static Refusal Failure(PromptPlan plan, PromptAnswer answer) =>
        new(IsFree(plan, answer) ? "model.failed" : "model.failed-midway", plan.Request.Model);

    /// <summary>Whether nothing is charged of what did not come to its end.</summary>
    private static bool IsFree(PromptPlan plan, PromptAnswer answer) => answer.Delivered is null || plan.Request.Whole;

    /// <param name="Revoked">Cancelled when the caller may no longer act.</param>
    private sealed record Live(PromptRun Run, Caller Caller, bool Batch, CancellationTokenSource Revoked);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Prompt {Id} is stopped: its caller may no longer act")]
        public static partial void Unwelcome(ILogger logger, Guid id);

        [LoggerMessage(LogLevel.Warning, "Model {Model} failed on prompt {Id}")]
        public static partial void ModelFailed(ILogger logger, Exception cause, string model, Guid id);

        [LoggerMessage(LogLevel.Debug, "Prompt {Id} was stopped")]
        public static partial void Stopped(ILogger logger, Guid id);

        [LoggerMessage(LogLevel.Error, "Prompt {Id} could not be settled; its hold will expire")]
        public static partial void Lost(ILogger logger, Exception cause, Guid id);
    }
}
