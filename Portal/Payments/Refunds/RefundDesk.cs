using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;

namespace Portal.Payments.Refunds;

/// <summary>
/// Refunds to the original method, by support staff. The credit is held first, then the gateway is asked under the refund's own key, then the
/// hold is posted or voided. An answer that never came leaves the refund unknown and the credit held until the gateway has been asked again.
/// </summary>
public sealed class RefundDesk(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, StripeGateway gateway)
{
    private const int ReasonLengthMax = 500;

    public async Task<Outcome<RefundView>> Request(Caller staff, RefundRequest request, CancellationToken cancel)
    {
        if (!staff.IsStaff) return Refusal.Forbidden;
        var read = MoneyInput.Read(request.Amount);
        if (!read.IsDone(out var refusal)) return refusal;
        var reason = request.Reason.Trim();
        if (reason.Length == 0) return new Refusal("refund.reason-missing");
        if (reason.Length > ReasonLengthMax) return new Refusal("refund.reason-too-long", $"{ReasonLengthMax}");
        if (request.RefundId == Guid.Empty) return Refusal.NotFound;

        var held = await ledger.Run(transaction => Hold(transaction, staff, request, read.Value, reason, cancel), cancel);
        if (!held.IsDone(out refusal)) return refusal;
        if (held.Value is { Sent: false } fresh)
        {
            // From here on closing the page changes nothing: the money is on its way or it is not.
            await Send(fresh.RefundId, CancellationToken.None);
        }
        return await Find(request.RefundId, CancellationToken.None);
    }

    /// <summary>Asks the gateway for a refund that is held here and writes down what it says. Safe to repeat.</summary>
    public async Task Send(Guid refundId, CancellationToken cancel)
    {
        var (refund, payment) = await Load(refundId, cancel);
        var answer = await gateway.Refund(refund.Id, payment.PaymentIntentId!, new Money(refund.AmountNanos).ToMinorUnits(), cancel);
        await Record(refund, answer, cancel);
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

    private static async Task<Outcome<HeldRefund>> Hold(
        LedgerTransaction transaction, Caller staff, RefundRequest request, Money amount, string reason, CancellationToken cancel)
    {
        var db = transaction.Db;
        if (await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.Id == request.PaymentId, cancel) is not { } found) return Refusal.NotFound;
        await transaction.Lock(found.AccountId, cancel);
        if (await db.Refunds.FirstOrDefaultAsync(r => r.Id == request.RefundId, cancel) is { } known)
        {
            var same = known.PaymentId == request.PaymentId && known.AmountNanos == amount.Nanos && known.RequesterId == staff.PersonId;
            return same ? new HeldRefund(known.Id, Sent: true) : new Refusal("idempotency.mismatch");
        }
        var payment = await db.Payments.FirstAsync(p => p.Id == request.PaymentId, cancel);
        if (payment.Status != PaymentStatus.Succeeded || payment.PaymentIntentId is null) return new Refusal("refund.not-paid");
        var rest = new Money(payment.AmountNanos) - new Money(payment.RefundedNanos);
        if (amount > rest) return new Refusal("refund.above-payment", MoneyInput.Text(rest.Amount));

        var held = await transaction.Apply(new Draw(
            payment.AccountId, $"refund:{request.RefundId:N}", request.RefundId.ToString(), "refund", Unit.Money, amount.Nanos,
            [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: request.RefundId), cancel);
        if (!held.IsDone(out var refusal)) return refusal.Code == "funds.short" ? new Refusal("refund.spent", Shown(refusal.Args[1])) : refusal;

        payment.RefundedNanos += amount.Nanos;
        db.Refunds.Add(new Refund
        {
            Id = request.RefundId, PaymentId = payment.Id, AccountId = payment.AccountId, RequesterId = staff.PersonId, AmountNanos = amount.Nanos,
            Reason = reason, Status = RefundStatus.Pending, CreatedAt = transaction.Now,
        });
        db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = staff.PersonId, AccountId = payment.AccountId, Action = "refund.requested", Subject = payment.Id.ToString(),
            Detail = MoneyInput.Text(amount.Amount),
        });
        return new HeldRefund(request.RefundId, Sent: false);
    }

    /// <summary>Rounded down to what can be refunded in whole minor units.</summary>
    private static string Shown(string available) =>
        MoneyInput.Text(decimal.Round(decimal.Parse(available, System.Globalization.CultureInfo.InvariantCulture), 2, MidpointRounding.ToZero));

    private async Task<(Refund Refund, Payment Payment)> Load(Guid refundId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var refund = await db.Refunds.AsNoTracking().FirstAsync(r => r.Id == refundId, cancel);
        return (refund, await db.Payments.AsNoTracking().FirstAsync(p => p.Id == refund.PaymentId, cancel));
    }

    private async Task<Outcome<RefundView>> Find(Guid refundId, CancellationToken cancel)
    {
        var (refund, _) = await Load(refundId, cancel);
        return RefundView.Of(refund);
    }

    private sealed record HeldRefund(Guid RefundId, bool Sent);
}
