using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>
/// When the card is charged for renewals that the balance cannot pay, and what follows a charge that failed: at once, then after 2, 5, 7 and 7 days
/// more. A decline that is final ends the attempts, another card begins one at once. The grace runs beside this, by its own days.
/// </summary>
public sealed class Dunning(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PlanLetters letters, TimeProvider clock)
{
    /// <summary>From each attempt that failed to the next.</summary>
    public static readonly IReadOnlyList<TimeSpan> RetryAfter = [TimeSpan.FromDays(2), TimeSpan.FromDays(5), TimeSpan.FromDays(7), TimeSpan.FromDays(7)];

    /// <summary>However often the card is changed meanwhile.</summary>
    private const int AttemptsMax = 12;

    /// <summary>The attempts that are due, those that a change of the card brings forward among them.</summary>
    public async Task<IReadOnlyList<CardAttempt>> Due(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var due = await db.Subscriptions.AsNoTracking().Include(s => s.Plan)
            .Where(s => s.Status == SubscriptionStatus.PastDue && s.CardAttempts < AttemptsMax && (s.NextCardAttemptAt <= now
                || db.GatewayCustomers.Any(c => c.AccountId == s.AccountId && c.CardChangedAt > s.PastDueSince && c.Cards.Any(card => card.IsDefault && card.RemovedAt == null)
                    && !db.Payments.Any(p => p.AccountId == s.AccountId && p.Purpose == Data.Payments.PaymentPurpose.Renewal && p.CreatedAt >= c.CardChangedAt))))
            .OrderBy(s => s.PastDueSince).ToListAsync(cancel);
        var attempts = new List<CardAttempt>(due.Count);
        foreach (var subscription in due)
        {
            attempts.Add(new CardAttempt(
                subscription.Id, subscription.AccountId, subscription.PeriodEnd, subscription.CardAttempts + 1, await Missing(db, subscription, now, cancel)));
        }

        return attempts;
    }

    /// <summary>
    /// Whether an attempt is still due as it was listed, under the wallet's lock: nobody ended or renewed the plan, counted the attempt or changed what
    /// is missing.
    /// </summary>
    internal static async Task<bool> Stands(LedgerTransaction transaction, CardAttempt attempt, CancellationToken cancel)
    {
        await transaction.Lock(attempt.AccountId, cancel);
        var subscription = await transaction.Db.Subscriptions.AsNoTracking().Include(s => s.Plan).SingleAsync(s => s.Id == attempt.SubscriptionId, cancel);
        return subscription.Status == SubscriptionStatus.PastDue && subscription.PeriodEnd == attempt.PeriodEnd && subscription.CardAttempts == attempt.Number - 1
            && await Missing(transaction.Db, subscription, transaction.Now, cancel) == attempt.Missing;
    }

    /// <summary>Counts an attempt that brought nothing and says when the next one is, or that there is none.</summary>
    /// <param name="code">As the gateway said it; empty: it paid, and the balance was short all the same.</param>
    /// <param name="final">The same card will not pay later either.</param>
    public Task Failed(CardAttempt attempt, string code, bool final, CancellationToken cancel = default) => Amend(
        attempt,
        async (transaction, subscription) =>
        {
            subscription.CardAttempts = attempt.Number;
            subscription.DeclineCode = code;
            subscription.NextCardAttemptAt = final || attempt.Number > RetryAfter.Count ? null : transaction.Now + RetryAfter[attempt.Number - 1];
            var mail = subscription.NextCardAttemptAt is null ? PlanLetter.CardRefused : PlanLetter.CardDeclined;
            await letters.Queue(transaction, subscription, mail, subscription.PastDueSince!.Value + RenewalRun.Grace, cancel);
        },
        cancel);

    /// <summary>There is no card to charge: the balance alone can pay.</summary>
    public Task Without(CardAttempt attempt, CancellationToken cancel = default) => Amend(
        attempt,
        async (transaction, subscription) =>
        {
            subscription.NextCardAttemptAt = null;
            await letters.Queue(transaction, subscription, PlanLetter.PastDue, subscription.PastDueSince!.Value + RenewalRun.Grace, cancel);
        },
        cancel);

    private Task<Outcome<Done>> Amend(CardAttempt attempt, Func<LedgerTransaction, Subscription, Task> amend, CancellationToken cancel) => ledger.Run<Done>(
        async transaction =>
        {
            await transaction.Lock(attempt.AccountId, cancel);
            var subscription = await transaction.Db.Subscriptions.Include(s => s.Plan).SingleAsync(s => s.Id == attempt.SubscriptionId, cancel);

            // Paid, ended, or counted by somebody else in the meantime.
            if (subscription.Status == SubscriptionStatus.PastDue && subscription.PeriodEnd == attempt.PeriodEnd && subscription.CardAttempts == attempt.Number - 1)
            {
                await amend(transaction, subscription);
                subscription.Version++;
            }

            return new Done();
        },
        cancel);

    private static async Task<Money> Missing(PortalDb db, Subscription subscription, DateTimeOffset now, CancellationToken cancel)
    {
        var changed = subscription.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null;
        var next = NextPeriod.Of(subscription, changed, now);
        var price = (await PeriodPrices.Read(db, [subscription.AccountId], next.Term != PlanTerm.Monthly, cancel)).OfRenewal(subscription, next, now);
        var fee = new Money(NewPeriod.DraftOf(subscription.AccountId, "", price, subscription.PeriodEnd, subscription.PeriodEnd, null).TotalNanos);
        var book = await WalletLoader.Load(db, subscription.AccountId, now, cancel);
        var spendable = new Money(book.Available(Unit.Money, PaidPeriod.FeeSources, null, now));
        return fee <= spendable ? Money.Zero : (fee - spendable).CeilingToMinorUnits();
    }
}
