using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Bonuses;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Refunds;

/// <summary>
/// Refunds, by support staff and by customers themselves: of a payment to the card that paid it, of a plan's fee to the balance. Of a payment the credit
/// is held first, then the gateway is asked under the refund's own key, then the hold is posted or voided; an answer that never came leaves the refund
/// unknown and the credit held until the gateway has been asked again. Beyond the configured amount it waits for a second person in between.
/// </summary>
public sealed class RefundDesk(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, StripeGateway gateway, IOptions<RefundOptions> options, TimeProvider time)
{
    public async Task<Outcome<RefundView>> Request(Caller staff, RefundRequest request, CancellationToken cancel)
    {
        if (staff.WhyNot(Right.Serve) is { } no) return no;
        if (!Asked(request.RefundId, request.Amount, request.Reason).IsDone(out var refusal, out var asked)) return refusal;
        return await Begin(transaction => HoldPayment(transaction, staff, request.RefundId, request.PaymentId, asked, byStaff: true, cancel), cancel);
    }

    /// <summary>By the customer: everything of the payment that is eligible, under the rules of <see cref="RefundWindow"/>.</summary>
    public async Task<Outcome<RefundView>> RequestOwn(Caller caller, OwnRefundRequest request, CancellationToken cancel)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (!caller.ManagesBilling) return Refusal.NotFound;
        if (Unfit(request.RefundId, PlainText.Of(request.Reason)) is { } unfit) return unfit;
        return await Begin(
            async transaction =>
            {
                if (await transaction.Lock(caller.AccountId, cancel) is not { } book) return Refusal.NotFound;
                if (!await transaction.Db.Refunds.AnyAsync(r => r.Id == request.RefundId, cancel))
                {
                    var own = await new RefundWindow(options.Value, transaction.Now).Find(transaction.Db, book, request.PaymentId, cancel);
                    if (own is null) return Refusal.NotFound;
                    if (own.WhyNot is not null) return own.WhyNot;
                    if (own.Amount != request.Shown) return new Refusal("refund.own.changed", MoneyInput.Text(own.Amount.Amount));
                }
                return await HoldPayment(transaction, caller, request.RefundId, request.PaymentId, new Asked(request.Shown, PlainText.Of(request.Reason)), byStaff: false, cancel);
            },
            cancel);
    }

    public async Task<Outcome<RefundView>> RequestFee(Caller staff, FeeRefundRequest request, CancellationToken cancel)
    {
        if (staff.WhyNot(Right.Serve) is { } no) return no;
        if (!Asked(request.RefundId, request.Amount, request.Reason).IsDone(out var refusal, out var asked)) return refusal;
        return await Begin(transaction => BookFee(transaction, staff, request, asked, cancel), cancel);
    }

    /// <summary>What can go back of a payment, and what an amount of it would do.</summary>
    /// <param name="amount">As typed; null: all that can.</param>
    public async Task<Outcome<RefundPreview>> Preview(Caller staff, Guid paymentId, string? amount, CancellationToken cancel)
    {
        if (staff.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.Id == paymentId, cancel) is not { } payment) return Refusal.NotFound;
        var now = time.GetUtcNow();
        var book = await WalletLoader.Load(db, payment.AccountId, now, cancel);
        var can = await PaymentRefunds.Facts(db, book, payment, now, cancel);
        var reference = $"{paymentId}";
        var document = await db.Invoices.Where(i => i.Kind == InvoiceKind.TopUp && i.Reference == reference).Select(i => i.Number).FirstOrDefaultAsync(cancel) ?? "";
        var before = await db.Refunds.AsNoTracking().Where(r => r.PaymentId == paymentId).ToListAsync(cancel);
        var preview = Preview(can, amount, before, book, now, document, taken: true, null, 0, Unit.Money);
        return preview with { After = preview.After - await BonusBook.Due(db, book, payment, preview.Amount, cancel) };
    }

    /// <summary>As <see cref="Preview(Caller, Guid, string?, CancellationToken)"/>, of a plan's invoice.</summary>
    public async Task<Outcome<RefundPreview>> PreviewFee(Caller staff, Guid invoiceId, string? amount, CancellationToken cancel)
    {
        if (staff.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Invoices.AsNoTracking().FirstOrDefaultAsync(i => i.Id == invoiceId, cancel) is not { } invoice) return Refusal.NotFound;
        var now = time.GetUtcNow();
        var book = await WalletLoader.Load(db, invoice.AccountId, now, cancel);
        var can = await FeeRefunds.Facts(db, invoice, null, now, cancel);
        var before = await db.Refunds.AsNoTracking().Where(r => r.InvoiceId == invoiceId).ToListAsync(cancel);
        var running = await FeeRefunds.Running(db, invoiceId, now, cancel);
        var unspent = running is { } live ? FeeRefunds.Unspent(book, live.Subscription).Sum(a => a.Balance - a.Held) : 0;
        return Preview(
            can, amount, before, book, now, invoice.Number, taken: false, running is { } plan ? Catalog.PlanNames.Name(plan.Subscription.Plan) : null, unspent,
            running?.Subscription.Plan.IncludedUnit ?? Unit.Money);
    }

    /// <summary>Asks the gateway for a refund that is held here and writes down what it says. Safe to repeat.</summary>
    public async Task Send(Guid refundId, CancellationToken cancel)
    {
        var refund = await Load(refundId, cancel);
        string intent;
        await using (var db = await databases.CreateDbContextAsync(cancel)) intent = (await db.Payments.Where(p => p.Id == refund.PaymentId).Select(p => p.PaymentIntentId).FirstAsync(cancel))!;
        await Record(refund, await gateway.Refund(refund.Id, intent, new Money(refund.AmountNanos).ToMinorUnits(), cancel), cancel);
    }

    internal async Task Record(Refund refund, GatewayAnswer<GatewayRefund> answer, CancellationToken cancel)
    {
        PaymentChange change = answer switch
        {
            GatewayAnswer<GatewayRefund>.Done done => PaymentChange.RefundMoved.Of(done.Value, refund.Id),
            GatewayAnswer<GatewayRefund>.Refused refused => new PaymentChange.RefundRefused(refund.Id, refused.Code.Length > 0 ? refused.Code : "refused"),
            GatewayAnswer<GatewayRefund>.Declined declined => new PaymentChange.RefundRefused(refund.Id, declined.Code),
            _ => new PaymentChange.RefundUnanswered(refund.Id),
        };
        if (await PaymentRecorder.Write(ledger, refund.AccountId, refund.PaymentId!.Value, change, cancel) is { } problem)
        {
            throw new InvalidOperationException($"refund {refund.Id}: {problem}");
        }
    }

    private static Outcome<Asked> Asked(Guid refundId, string amount, string reason)
    {
        if (!MoneyInput.Read(amount).IsDone(out var refusal, out var money)) return refusal;
        return Unfit(refundId, PlainText.Of(reason)) is { } unfit ? unfit : new Asked(money, PlainText.Of(reason));
    }

    private static Refusal? Unfit(Guid refundId, string reason) =>
        reason.Length == 0 ? new Refusal("refund.reason-missing")
        : reason.Length > Reason.LengthMax ? new Refusal("refund.reason-too-long", $"{Reason.LengthMax}")
        : refundId == Guid.Empty ? Refusal.NotFound : null;

    private async Task<Outcome<RefundView>> Begin(Func<LedgerTransaction, Task<Outcome<Begun>>> work, CancellationToken cancel)
    {
        if (!(await ledger.Run(work, cancel)).IsDone(out var refusal, out var begun)) return refusal;

        // From here on closing the page changes nothing: the money is on its way or it is not.
        if (begun.ToBeSent) await Send(begun.RefundId, CancellationToken.None);
        return RefundView.Of(await Load(begun.RefundId, CancellationToken.None));
    }

    private async Task<Outcome<Begun>> HoldPayment(
        LedgerTransaction transaction, Caller by, Guid refundId, Guid paymentId, Asked asked, bool byStaff, CancellationToken cancel)
    {
        var db = transaction.Db;
        if (await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.Id == paymentId, cancel) is not { } found) return Refusal.NotFound;
        var book = (await transaction.Lock(found.AccountId, cancel))!;
        if (byStaff && await OwnAccounts.IsOwn(db, by.PersonId, found.AccountId, cancel)) return new Refusal("refund.own-account");
        var before = await db.Refunds.AsNoTracking().Where(r => r.PaymentId == paymentId).ToListAsync(cancel);
        if (await db.Refunds.FirstOrDefaultAsync(r => r.Id == refundId, cancel) is { } known)
            return known.PaymentId == paymentId ? Again(known, before, by, asked) : new Refusal("idempotency.mismatch");

        var payment = await db.Payments.FirstAsync(p => p.Id == paymentId, cancel);
        var can = await PaymentRefunds.Facts(db, book, payment, transaction.Now, cancel);
        if (!can.Fit(asked.Amount, Parts(before)).IsDone(out var refusal, out var amount)) return refusal;
        if (!(await PaymentRefunds.Hold(transaction, payment, refundId, amount, cancel)).IsDone(out refusal)) return refusal;
        var refund = Add(transaction, by, refundId, found.AccountId, amount, asked.Reason, before);
        refund.PaymentId = paymentId;
        if (!(await BonusBook.TakeBack(transaction, payment, refund, cancel)).IsDone(out refusal)) return refusal;
        RefundAudit.Requested(transaction, by, refund, can);
        return new Begun(refundId, ToBeSent: refund.Status == RefundStatus.Pending);
    }

    private async Task<Outcome<Begun>> BookFee(LedgerTransaction transaction, Caller staff, FeeRefundRequest request, Asked asked, CancellationToken cancel)
    {
        var db = transaction.Db;
        if (await db.Invoices.AsNoTracking().FirstOrDefaultAsync(i => i.Id == request.InvoiceId, cancel) is not { } invoice) return Refusal.NotFound;
        await transaction.Lock(invoice.AccountId, cancel);
        if (await OwnAccounts.IsOwn(db, staff.PersonId, invoice.AccountId, cancel)) return new Refusal("refund.own-account");
        var before = await db.Refunds.AsNoTracking().Where(r => r.InvoiceId == invoice.Id).ToListAsync(cancel);
        if (await db.Refunds.FirstOrDefaultAsync(r => r.Id == request.RefundId, cancel) is { } known)
            return known.InvoiceId == invoice.Id && known.EndsPlan == request.EndsPlan ? Again(known, before, staff, asked) : new Refusal("idempotency.mismatch");

        var can = await FeeRefunds.Facts(db, invoice, null, transaction.Now, cancel);
        if (!can.Fit(asked.Amount, Parts(before)).IsDone(out var refusal, out var amount)) return refusal;
        var refund = Add(transaction, staff, request.RefundId, invoice.AccountId, amount, asked.Reason, before);
        (refund.InvoiceId, refund.EndsPlan) = (invoice.Id, request.EndsPlan);
        RefundAudit.Requested(transaction, staff, refund, can);
        if (refund.Status == RefundStatus.Pending && !(await FeeRefunds.Book(transaction, refund, invoice, cancel)).IsDone(out refusal)) return refusal;
        return new Begun(request.RefundId, ToBeSent: false);
    }

    /// <summary>The second click of a form.</summary>
    private static Outcome<Begun> Again(Refund known, List<Refund> before, Caller by, Asked asked) =>
        known.RequesterId == by.PersonId && known.Reason == asked.Reason
        && Refundable.IsPart(asked.Amount, new Money(known.AmountNanos), Parts(before) - 1) ? new Begun(known.Id, ToBeSent: false) : new Refusal("idempotency.mismatch");

    private Refund Add(LedgerTransaction transaction, Caller by, Guid refundId, Guid accountId, Money amount, string reason, List<Refund> before)
    {
        var waits = NeedsSecond(amount, before);
        var refund = new Refund
        {
            Id = refundId, AccountId = accountId, RequesterId = by.PersonId, AmountNanos = amount.Nanos, Reason = reason, CreatedAt = transaction.Now,
            Status = waits ? RefundStatus.AwaitingApproval : RefundStatus.Pending,
            LapsesAt = waits ? transaction.Now.AddDays(options.Value.ApprovalDays) : null,
        };
        transaction.Db.Refunds.Add(refund);
        return refund;
    }

    /// <summary>What went back without a second person counts together, so that nobody halves a refund to stay below the limit.</summary>
    private bool NeedsSecond(Money amount, List<Refund> before) =>
        before.Where(r => r.LapsesAt is null && r.Status is not (RefundStatus.Failed or RefundStatus.Rejected) && r.RequesterId != Guid.Empty)
            .Aggregate(amount, (sum, r) => sum + new Money(r.AmountNanos)) > Money.FromAmount(options.Value.ApprovalAbove);

    private static int Parts(List<Refund> refunds) => refunds.Count(r => r.Status is not (RefundStatus.Failed or RefundStatus.Rejected));

    private RefundPreview Preview(
        Refundable can, string? amount, List<Refund> before, WalletBook book, DateTimeOffset now, string document, bool taken, string? plan, long unspent, Unit unit)
    {
        var fits = amount is null ? can.Most : MoneyInput.Read(amount);
        fits = fits.IsDone(out var wrong, out var typed) ? can.Fit(typed, Parts(before)) : fits;
        var value = fits.IsDone(out wrong, out var fitting) ? fitting : Money.Zero;
        var spendable = new Money(book.Available(Unit.Money, Billing.Subscriptions.Periods.PaidPeriod.FeeSources, null, now));
        return new RefundPreview(
            can, value, can.WhyNot ?? wrong, spendable, taken ? spendable - value : spendable + value, NeedsSecond(value, before), document, plan, unspent, unit);
    }

    private async Task<Refund> Load(Guid refundId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Refunds.AsNoTracking().FirstAsync(r => r.Id == refundId, cancel);
    }

    private sealed record Begun(Guid RefundId, bool ToBeSent);
}
