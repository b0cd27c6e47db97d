using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Bonuses;
using Portal.Payments.Changes;
using Portal.Payments.Declines;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Cards;

/// <summary>
/// Charges an account's default card with nobody there. The payment is on record before the gateway is asked, and is asked for under its own key
/// until there is an answer: however often and from however many nodes, it is charged at most once. What is paid becomes credit.
/// </summary>
public sealed partial class OffSessionCharges(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, StripeGateway gateway, TimeProvider time, ILogger<OffSessionCharges> logger)
{
    /// <summary>How long the card holder has to confirm.</summary>
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromHours(24);

    /// <summary>The gateway knows a key for 24 hours; the last of them is left to clocks and slow networks.</summary>
    private static readonly TimeSpan SameKey = TimeSpan.FromHours(23);

    private const int PagesMax = 50;
    private const long NanosPerMinor = Money.NanosPerUnit / 100;

    /// <param name="amount">Whole minor units, above zero.</param>
    /// <param name="key">What it is for, unique in the account: asked for again it is the same payment, of the amount that was first asked for.</param>
    /// <param name="stands">Asked under the wallet's lock, in the transaction that opens the payment: whether it is still to be charged.</param>
    public async Task<ChargeOutcome> Charge(
        Guid accountId, Money amount, PaymentPurpose purpose, string key, CancellationToken cancel, Func<LedgerTransaction, Task<bool>>? stands = null)
    {
        var (opened, lapsed) = ((Guid?)null, false);
        await ledger.Run<Done>(
            async transaction =>
            {
                lapsed = stands is not null && !await stands(transaction);
                opened = lapsed ? null : await Open(transaction, accountId, amount, purpose, key, cancel);
                return new Done();
            },
            cancel);
        if (lapsed) return new ChargeOutcome.Lapsed();
        return opened is { } paymentId ? await Send(paymentId, cancel) : new ChargeOutcome.NoCard();
    }

    /// <summary>Takes back what still waits for the card holder of the account's other renewal charges, so that one period is never paid twice.</summary>
    /// <returns>False when the gateway could not be asked, or one of them was paid in this moment: charge nothing now.</returns>
    public async Task<bool> Withdraw(Guid accountId, string exceptKey, CancellationToken cancel)
    {
        List<Payment> waiting;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            waiting = await db.Payments.AsNoTracking().Where(p => p.AccountId == accountId && p.Purpose == PaymentPurpose.Renewal && p.Status == PaymentStatus.Pending
                && p.FailureCode == DeclineCodes.MustConfirm && p.PaymentIntentId != null && p.FormKey != exceptKey).ToListAsync(cancel);
        }
        foreach (var payment in waiting)
        {
            await Write(payment, await Cancel(payment, payment.PaymentIntentId!, cancel), cancel);
            if ((await Load(payment.Id, cancel)).Status != PaymentStatus.Failed) return false;
        }
        return true;
    }

    /// <summary>Asks the gateway for a charge that is on record, or what became of it. Safe to repeat.</summary>
    public async Task<ChargeOutcome> Send(Guid paymentId, CancellationToken cancel)
    {
        var payment = await Load(paymentId, cancel);
        if (payment.Status is PaymentStatus.Pending or PaymentStatus.Unknown)
        {
            await Write(payment, await Ask(payment, cancel), cancel);
            payment = await Load(paymentId, cancel);
        }
        return payment switch
        {
            { Status: PaymentStatus.Succeeded } => new ChargeOutcome.Paid(paymentId),
            { Status: PaymentStatus.Failed } => new ChargeOutcome.Declined(paymentId, payment.FailureCode ?? "", DeclineCodes.IsHard(payment.FailureCode)),
            { FailureCode: DeclineCodes.MustConfirm } => new ChargeOutcome.NeedsAction(paymentId, PageOf(paymentId)),
            _ => new ChargeOutcome.Unknown(paymentId),
        };
    }

    /// <summary>Leads the card holder to their bank.</summary>
    /// <param name="portal">The portal's address as the person's browser knows it, ending in a slash.</param>
    /// <returns>The bank's page, or the billing page where there is nothing to confirm any more.</returns>
    public async Task<Outcome<Uri>> Confirm(Caller caller, Guid paymentId, Uri portal, CancellationToken cancel)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        Payment? payment;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            payment = await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.Id == paymentId && p.AccountId == caller.AccountId && p.MethodId != null, cancel);
        }
        if (payment is null) return Refusal.NotFound;
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        var back = new Uri(portal, $"billing?payment={paymentId}");
        if (payment is not { Status: PaymentStatus.Pending, FailureCode: DeclineCodes.MustConfirm, PaymentIntentId: { } intentId }) return back;
        if (!await IsWanted(payment, cancel))
        {
            await Send(paymentId, cancel);
            return back;
        }

        var answer = await gateway.FindIntent(intentId, cancel);
        if (answer is GatewayAnswer<GatewayIntent>.Done { Value.Status: "requires_payment_method" })
        {
            answer = await gateway.ConfirmOnSession(paymentId, intentId, payment.MethodId!, back, cancel);
        }
        if (answer is GatewayAnswer<GatewayIntent>.Done { Value.NextAction.RedirectToUrl.Url: var bank }) return new Uri(bank);
        if (answer is GatewayAnswer<GatewayIntent>.Unknown or GatewayAnswer<GatewayIntent>.Refused) return new Refusal("charge.unreachable");

        // Some banks ask nothing after all, and some decline at once.
        await Write(payment, Of(answer), cancel);
        return back;
    }

    /// <summary>Puts a charge on record under the wallet's lock; to be committed before it is sent.</summary>
    /// <returns>The payment's id; null when the account has no card to charge.</returns>
    internal static async Task<Guid?> Open(LedgerTransaction transaction, Guid accountId, Money amount, PaymentPurpose purpose, string key, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount.Nanos, nameof(amount));
        ArgumentOutOfRangeException.ThrowIfNotEqual(amount.Nanos % NanosPerMinor, 0, nameof(amount));
        await transaction.Lock(accountId, cancel);
        var known = await transaction.Db.Payments.Where(p => p.AccountId == accountId && p.FormKey == key).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancel);
        if (known is not null) return known;
        var card = await transaction.Db.SavedCards.AsNoTracking().FirstOrDefaultAsync(c => c.AccountId == accountId && c.IsDefault && c.RemovedAt == null, cancel);
        if (card is null) return null;
        var bonus = purpose == PaymentPurpose.Renewal ? Money.Zero : TopUpBonus.Of(await TopUpBonus.Slabs(transaction.Db, transaction.Now, cancel), amount);
        var payment = new Payment
        {
            // Of nobody: no person was there.
            Id = Guid.CreateVersion7(transaction.Now), AccountId = accountId, PersonId = Guid.Empty, AmountNanos = amount.Nanos, BonusNanos = bonus.Nanos, Purpose = purpose,
            Status = PaymentStatus.Pending, FormKey = key, MethodId = card.MethodId, CardBrand = card.Brand, CardLast4 = card.Last4, CreatedAt = transaction.Now,
        };
        transaction.Db.Payments.Add(payment);
        return payment.Id;
    }

    internal static string PageOf(Guid paymentId) => $"billing?confirm={paymentId}";

    private async Task<PaymentChange> Ask(Payment payment, CancellationToken cancel)
    {
        if (payment.PaymentIntentId is { } known) return await Follow(payment, known, cancel);
        string customerId;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            customerId = await db.GatewayCustomers.Where(c => c.AccountId == payment.AccountId).Select(c => c.CustomerId).FirstAsync(cancel);
        }
        var wanted = await IsWanted(payment, cancel);
        if (wanted && payment.CreatedAt + SameKey > time.GetUtcNow())
        {
            return Of(await gateway.Charge(new ChargeRequest(payment.Id, new Money(payment.AmountNanos).ToMinorUnits(), customerId, payment.MethodId!), cancel));
        }
        return EndOf(payment, wanted, await Search(payment, customerId, cancel));
    }

    /// <summary>An automatic top-up that was switched off, or whose card was removed, has not failed.</summary>
    private static PaymentChange EndOf(Payment payment, bool wanted, PaymentChange change) =>
        change is PaymentChange.Ended && !wanted && payment.Purpose == PaymentPurpose.AutoTopUp ? new PaymentChange.Ended(DeclineCodes.Withdrawn) : change;

    private async Task<PaymentChange> Follow(Payment payment, string intentId, CancellationToken cancel)
    {
        if (await gateway.FindIntent(intentId, cancel) is not GatewayAnswer<GatewayIntent>.Done { Value: var intent }) return new PaymentChange.Nothing();
        var change = Of(intent);
        if (change is not PaymentChange.Declined { Code: DeclineCodes.MustConfirm }) return change;
        var wanted = await IsWanted(payment, cancel);
        if (wanted && payment.CreatedAt + ConfirmWithin > time.GetUtcNow()) return change;

        // Whoever did not confirm in time shall not be charged later for what may have been paid otherwise.
        return EndOf(payment, wanted, await Cancel(payment, intentId, cancel));
    }

    private async Task<PaymentChange> Cancel(Payment payment, string intentId, CancellationToken cancel) =>
        await gateway.CancelIntent(payment.Id, intentId, cancel) is GatewayAnswer<GatewayIntent>.Done { Value: var ended } ? Of(ended) : new PaymentChange.Nothing();

    /// <summary>
    /// Whether what it is for is still to be paid, with this card: a renewal may have been paid otherwise, its plan be over, the automatic top-up switched
    /// off, or the card removed.
    /// </summary>
    private async Task<bool> IsWanted(Payment payment, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.SavedCards.AnyAsync(c => c.MethodId == payment.MethodId && c.RemovedAt != null, cancel)) return false;
        if (payment.Purpose == PaymentPurpose.AutoTopUp) return await db.AutoTopUpRules.AnyAsync(r => r.AccountId == payment.AccountId && r.Enabled, cancel);
        if (payment.Purpose != PaymentPurpose.Renewal || !payment.FormKey.StartsWith(CardAttempt.KeyStart, StringComparison.Ordinal)) return true;
        var unpaid = await db.Subscriptions.Where(s => s.AccountId == payment.AccountId && s.Status == SubscriptionStatus.PastDue)
            .Select(s => new { s.Id, s.PeriodEnd }).ToListAsync(cancel);
        return unpaid.Any(s => payment.FormKey.StartsWith(CardAttempt.KeyOf(s.Id, s.PeriodEnd), StringComparison.Ordinal));
    }

    /// <summary>The gateway has forgotten the key, so that asking again could charge again, or nobody wants the charge any more: it is looked for among what the gateway has.</summary>
    private async Task<PaymentChange> Search(Payment payment, string customerId, CancellationToken cancel)
    {
        var (key, before) = (payment.Id.ToString(), (string?)null);
        for (var page = 0; page < PagesMax; page++)
        {
            if (await gateway.ListIntents(customerId, payment.CreatedAt.AddHours(-1), before, cancel) is not GatewayAnswer<GatewayPage<GatewayIntent>>.Done { Value: var intents })
            {
                return new PaymentChange.Nothing();
            }
            if (intents.Data.FirstOrDefault(i => i.Metadata?.GetValueOrDefault(StripeGateway.PaymentKey) == key) is { } found) return Of(found);
            if (!intents.HasMore) return new PaymentChange.Ended("never-arrived");
            before = intents.Data[^1].Id;
        }
        return new PaymentChange.Nothing();
    }

    private async Task Write(Payment payment, PaymentChange change, CancellationToken cancel)
    {
        if (change is PaymentChange.Nothing) return;
        if (await PaymentRecorder.Write(ledger, payment.AccountId, payment.Id, change, cancel) is { } problem) Log.Problem(logger, payment.Id, problem);
    }

    private async Task<Payment> Load(Guid paymentId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Payments.AsNoTracking().FirstAsync(p => p.Id == paymentId, cancel);
    }

    private static PaymentChange Of(GatewayAnswer<GatewayIntent> answer) => answer switch
    {
        GatewayAnswer<GatewayIntent>.Done done => Of(done.Value),
        GatewayAnswer<GatewayIntent>.Declined declined => new PaymentChange.Declined(declined.DeclineCode ?? declined.Code, declined.IntentId),
        GatewayAnswer<GatewayIntent>.Refused refused => new PaymentChange.Ended(refused.Code.Length > 0 ? refused.Code : "refused"),
        _ => new PaymentChange.Unanswered(),
    };

    private static PaymentChange Of(GatewayIntent intent) => intent switch
    {
        { Status: "succeeded" } => new PaymentChange.Paid(intent.AmountReceived, intent.Currency, intent.Id),
        { Status: "canceled" } => new PaymentChange.Ended("canceled"),
        { Status: "requires_action" } => new PaymentChange.Declined(DeclineCodes.MustConfirm, intent.Id),
        { Status: "requires_payment_method", LastPaymentError: { } error } => new PaymentChange.Declined(error.Reason, intent.Id),
        _ => new PaymentChange.Nothing(),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Payment {PaymentId} of a saved card cannot be settled: {Problem}")]
        public static partial void Problem(ILogger logger, Guid paymentId, string problem);
    }
}
