using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Cards;

namespace Portal.Payments.AutoTopUps;

/// <summary>Below which balance the card is charged, and how much: read and set by whoever manages the account's billing.</summary>
public sealed class AutoTopUpDesk(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, CardDesk cards, TopUps topUps, TimeProvider time)
{
    private static readonly Money FirstThreshold = Money.FromAmount(20);
    private static readonly Money FirstAmount = Money.FromAmount(100);

    /// <summary>A threshold of more top-ups than this is a slip: the card would be charged time after time.</summary>
    private const int ThresholdAmountsMax = 10;

    public async Task<Outcome<AutoTopUpView>> Read(Caller caller, CancellationToken cancel)
    {
        if (!(await cards.Read(caller, cancel)).IsDone(out var refusal, out var saved)) return refusal;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rule = await db.AutoTopUpRules.AsNoTracking().FirstOrDefaultAsync(r => r.AccountId == caller.AccountId, cancel);
        var history = await AutoTopUpHistory.Read(db, caller.AccountId, time.GetUtcNow(), cancel);
        var card = saved.FirstOrDefault(c => c.IsDefault);
        var state = StateOf(rule, history, card is not null);
        return new AutoTopUpView(
            rule?.Enabled == true, rule is null ? FirstThreshold : new Money(rule.ThresholdNanos), rule is null ? FirstAmount : new Money(rule.AmountNanos),
            state, state switch { AutoTopUpState.Paused => history.PausedUntil, AutoTopUpState.Full => history.FullUntil, _ => null }, history.LastCode, card);
    }

    public async Task<Outcome<Done>> Save(Caller caller, AutoTopUpRequest request, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        var (threshold, amount) = (FirstThreshold, FirstAmount);
        if (request.Enabled)
        {
            if (!MoneyInput.Read(request.Threshold).IsDone(out var refusal, out threshold)) return refusal;
            if (!topUps.Check(request.Amount).IsDone(out refusal, out amount)) return refusal;
            if (threshold.Nanos > amount.Nanos * ThresholdAmountsMax) return new Refusal("autotopup.threshold-too-high");
        }
        return await ledger.Run<Done>(
            async transaction =>
            {
                await transaction.Lock(caller.AccountId, cancel);
                var db = transaction.Db;
                if (request.Enabled && !await db.SavedCards.AnyAsync(c => c.AccountId == caller.AccountId && c.IsDefault && c.RemovedAt == null, cancel))
                {
                    return new Refusal("autotopup.no-card");
                }
                var rule = await db.AutoTopUpRules.FirstOrDefaultAsync(r => r.AccountId == caller.AccountId, cancel);
                if (rule is null) db.AutoTopUpRules.Add(rule = new AutoTopUpRule { AccountId = caller.AccountId, ThresholdNanos = threshold.Nanos, AmountNanos = amount.Nanos });
                (rule.Enabled, rule.Returned) = (request.Enabled, false);
                if (request.Enabled) (rule.ThresholdNanos, rule.AmountNanos) = (threshold.Nanos, amount.Nanos);
                return new Done();
            },
            cancel);
    }

    private AutoTopUpState StateOf(AutoTopUpRule? rule, AutoTopUpHistory history, bool hasCard) =>
        rule is not { Enabled: true } ? rule is { Returned: true } ? AutoTopUpState.Returned : AutoTopUpState.Off
        : !hasCard ? AutoTopUpState.NoCard
        : history.Undecided ? AutoTopUpState.Undecided
        : history.IsStopped ? AutoTopUpState.Stopped
        : history.PausedUntil > time.GetUtcNow() ? AutoTopUpState.Paused
        : history.FullUntil > time.GetUtcNow() ? AutoTopUpState.Full
        : AutoTopUpState.Watching;
}
