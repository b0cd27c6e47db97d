using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;
using Portal.Prompts.Answers;

namespace Portal.Prompts;

/// <summary>
/// Writes a prompt's charge with its usage, or releases its hold. When the database does not say whether a charge was committed, it is looked
/// up, never written again blindly.
/// </summary>
public sealed partial class PromptSettler(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, TimeProvider clock, ILogger<PromptSettler> logger)
{
    private const int AttemptsMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <returns>The receipt, or why the charge could not be made: the hold then expires and nothing is charged.</returns>
    public async Task<Outcome<Receipt>> Settle(
        Caller caller, PromptPlan plan, MeteredUsage usage, PromptFinish finish, TimeSpan duration, PromptReply? reply)
    {
        var command = new SettlePrompt(plan.Hold.WalletId, plan.Hold.HoldId, usage);
        var outcome = await Persist(
            command.HoldId,
            () => Find(command.HoldId),
            () => ledger.Run<Receipt>(async transaction =>
            {
                var settled = await transaction.Apply(command);
                if (!settled.IsDone(out var refusal))
                {
                    return refusal;
                }

                var receipt = settled.Value.Receipt!;
                await Record(transaction, caller, receipt, finish, duration);
                Keep(transaction, plan, reply);
                return receipt;
            }));
        if (!outcome.IsDone(out var refused))
        {
            Log.NotSettled(logger, command.HoldId, refused.Code);
        }

        return outcome;
    }

    /// <summary>Gives back everything that the hold took. Best effort: what cannot be released now expires.</summary>
    public async Task Release(Guid walletId, Guid holdId)
    {
        var outcome = await Persist<LedgerResult>(holdId, null, () => ledger.Apply(new VoidHold(walletId, holdId)));
        if (!outcome.IsDone(out var refused))
        {
            Log.NotReleased(logger, holdId, refused.Code);
        }
    }

    /// <summary>Whether it is the database that failed, so that nobody knows what it did.</summary>
    public static bool IsDatabase(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException || (e is InvalidOperationException && e.InnerException is DbException);

    /// <param name="find">Looks for the effect of an attempt whose outcome is not known.</param>
    private async Task<Outcome<T>> Persist<T>(Guid holdId, Func<Task<T?>>? find, Func<Task<Outcome<T>>> write)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // An attempt that still hangs in the database holds the wallet's lock: the next one waits for it and then finds the hold resolved.
                var outcome = attempt > 1 && find is not null && await find() is { } found ? found : await write();
                return attempt > 1 && find is not null && outcome.Refusal is { Code: "hold.resolved" } && await find() is { } late ? late : outcome;
            }
            catch (Exception e) when (IsDatabase(e))
            {
                Log.Unknown(logger, e, holdId, attempt);
                if (attempt == AttemptsMax)
                {
                    return new Refusal("prompt.unsettled");
                }
            }

            await Task.Delay((attempt - 1) * Pause, clock);
        }
    }

    private async Task<Receipt?> Find(Guid holdId)
    {
        await using var db = databases.CreateDbContext();
        var json = await db.UsageRecords.AsNoTracking().Where(u => u.Id == holdId).Select(u => u.Receipt).FirstOrDefaultAsync();
        return json is null ? null : JsonSerializer.Deserialize<Receipt>(json);
    }

    /// <summary>The raw row and its rollup; the wallet's lock, taken by the settle, keeps others of this account out.</summary>
    private static async Task Record(LedgerTransaction transaction, Caller caller, Receipt receipt, PromptFinish finish, TimeSpan duration)
    {
        var images = receipt.Usage.Unit == Unit.Images ? receipt.CoveredUnits + receipt.Price.PaidUnits : 0;
        transaction.Db.UsageRecords.Add(new UsageRecord
        {
            Id = receipt.HoldId, AccountId = caller.AccountId, ProjectId = caller.ProjectId, PersonId = caller.PersonId,
            MembershipId = caller.MembershipId, ApiKeyId = caller.ApiKeyId, Model = receipt.Model, Unit = receipt.Usage.Unit,
            InputTokens = receipt.Usage.InputTokens, OutputTokens = receipt.Usage.OutputTokens, Images = images,
            CoveredUnits = receipt.CoveredUnits, ChargedNanos = receipt.ChargedNanos, ListNanos = receipt.Price.ListNanos, At = transaction.Now,
            DurationMs = (int)Math.Min(int.MaxValue, duration.TotalMilliseconds), Finish = Name(finish), Receipt = JsonSerializer.Serialize(receipt),
        });

        var start = new DateTimeOffset(transaction.Now.UtcDateTime.Date.AddHours(transaction.Now.UtcDateTime.Hour), TimeSpan.Zero);
        var hour = await transaction.Db.UsageHours.FirstOrDefaultAsync(
            h => h.AccountId == caller.AccountId && h.Hour == start && h.MembershipId == caller.MembershipId && h.Model == receipt.Model);
        if (hour is null)
        {
            hour = new UsageHour { AccountId = caller.AccountId, Hour = start, MembershipId = caller.MembershipId, Model = receipt.Model };
            transaction.Db.UsageHours.Add(hour);
        }

        hour.Requests++;
        hour.InputTokens += receipt.Usage.InputTokens;
        hour.OutputTokens += receipt.Usage.OutputTokens;
        hour.Images += images;
        hour.CoveredUnits += receipt.CoveredUnits;
        hour.ChargedNanos += receipt.ChargedNanos;
    }

    private static void Keep(LedgerTransaction transaction, PromptPlan plan, PromptReply? reply)
    {
        if (plan.Request.Keep is { } keep && reply is not null)
        {
            transaction.Db.IdempotencyRecords.Add(new IdempotencyRecord
            {
                WalletId = plan.Hold.WalletId, Key = keep.Key, RequestHash = keep.RequestHash, Outcome = JsonSerializer.Serialize(reply), CreatedAt = transaction.Now,
            });
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
        [LoggerMessage(LogLevel.Warning, "The database failed on the settlement of prompt {HoldId}, attempt {Attempt}")]
        public static partial void Unknown(ILogger logger, Exception cause, Guid holdId, int attempt);

        [LoggerMessage(LogLevel.Error, "Prompt {HoldId} was not settled: {Refusal}")]
        public static partial void NotSettled(ILogger logger, Guid holdId, string refusal);

        [LoggerMessage(LogLevel.Error, "Hold {HoldId} was not released: {Refusal}")]
        public static partial void NotReleased(ILogger logger, Guid holdId, string refusal);
    }
}
