using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Cards;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;
using Portal.Payments.Refunds;

namespace Portal.Payments;

/// <summary>Asks the gateway about everything that is undecided here, and for events that never arrived. What it says is written as if it had been told.</summary>
public sealed partial class Reconciler(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, RenewalRun renewals, StripeGateway gateway, OffSessionCharges charges, RefundDesk refunds,
    WebhookInbox inbox, WebhookProcessor webhooks, TimeProvider time, ILogger<Reconciler> logger)
{
    private const int EventPagesMax = 50;

    /// <summary>What is younger may still be on its way.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>The gateway keeps a payment page, and an idempotency key, this long.</summary>
    private static readonly TimeSpan GatewayMemory = TimeSpan.FromHours(24);

    /// <summary>How far back lost events are looked for: as long as the gateway goes on sending them.</summary>
    private static readonly TimeSpan EventsBack = TimeSpan.FromDays(4);

    /// <summary>Asks about one payment of the caller's, when its page is looked at and no webhook has come yet.</summary>
    public async Task<Outcome<Done>> Check(Caller caller, Guid paymentId, CancellationToken cancel)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            if (!await db.Payments.AnyAsync(p => p.Id == paymentId && p.AccountId == caller.AccountId, cancel)) return Refusal.NotFound;
        }
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await CheckPayment(paymentId, cancel);
        return new Done();
    }

    /// <summary>
    /// Settles undecided payments and refunds; returns how many were looked at. All of them, the newest first: one that stays undecided for long never
    /// keeps another from being looked at.
    /// </summary>
    public async Task<int> Reconcile(CancellationToken cancel)
    {
        var before = time.GetUtcNow() - Settled;
        List<Guid> payments, undecided;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            payments = await db.Payments.Where(p => (p.Status == PaymentStatus.Pending || p.Status == PaymentStatus.Unknown) && p.CreatedAt < before)
                .OrderByDescending(p => p.CreatedAt).Select(p => p.Id).ToListAsync(cancel);
            undecided = await db.Refunds.Where(r => (r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown) && r.PaymentId != null && (r.DecidedAt ?? r.CreatedAt) < before)
                .OrderByDescending(r => r.CreatedAt).Select(r => r.Id).ToListAsync(cancel);
        }
        return await EachAlone.Run(payments, logger, id => Checked(CheckPayment(id, cancel)), cancel)
            + await EachAlone.Run(undecided, logger, id => Checked(CheckRefund(id, cancel)), cancel);

        static async Task<bool> Checked(Task check)
        {
            await check;
            return true;
        }
    }

    /// <summary>Stores and processes events that the gateway has and the portal was never told; returns how many.</summary>
    public async Task<int> CatchUp(CancellationToken cancel)
    {
        var (since, found) = (time.GetUtcNow() - EventsBack, 0);
        string? before = null;
        for (var page = 0; page < EventPagesMax; page++)
        {
            if (await gateway.List<JsonElement>("events", since, before, cancel) is not GatewayAnswer<GatewayPage<JsonElement>>.Done { Value: var events }) break;

            // Raw, so that they are stored as a webhook would have brought them.
            var bodies = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var body in events.Data.Select(json => json.GetRawText()))
            {
                if (GatewayEvent.Read(body) is { } told) bodies[before = told.Id] = body;
            }
            found += await EachAlone.Run(bodies.Keys, logger, id => CatchUp(bodies[id], cancel), cancel);
            if (!events.HasMore) break;
        }
        return found;
    }

    private async Task<bool> CatchUp(string body, CancellationToken cancel)
    {
        var told = GatewayEvent.Read(body)!;
        if ((EventReader.Read(told).Change is PaymentChange.Nothing && CardChange.Read(told) is null) || !await inbox.Store(told, body, cancel)) return false;
        Log.Missed(logger, told.Id, told.Type);
        await webhooks.Process(told.Id, cancel);
        return true;
    }

    private async Task CheckPayment(Guid paymentId, CancellationToken cancel)
    {
        Payment payment;
        await using (var db = await databases.CreateDbContextAsync(cancel)) payment = await db.Payments.AsNoTracking().FirstAsync(p => p.Id == paymentId, cancel);
        if (payment.Status is PaymentStatus.Succeeded or PaymentStatus.Failed) return;
        if (payment.MethodId is not null)
        {
            await charges.Send(paymentId, cancel);
            await renewals.Retry(payment.AccountId, cancel);
            return;
        }
        foreach (var change in await Ask(payment, cancel))
        {
            if (await PaymentRecorder.Write(ledger, payment.AccountId, payment.Id, change, cancel) is { } problem) Log.Problem(logger, payment.Id, problem);
        }
        await renewals.Retry(payment.AccountId, cancel);
    }

    private async Task<IReadOnlyList<PaymentChange>> Ask(Payment payment, CancellationToken cancel)
    {
        // Its page was never opened, so nobody could pay it; once the gateway has forgotten the request nobody ever will.
        if (payment.SessionId is null) return payment.CreatedAt + GatewayMemory < time.GetUtcNow() ? [new PaymentChange.Ended("abandoned")] : [];
        if (await gateway.FindCheckout(payment.SessionId, cancel) is not GatewayAnswer<GatewayCheckout>.Done { Value: var session }) return [];
        var change = EventReader.Of(session);
        if (change is not PaymentChange.Paid { IntentId: { } intentId }) return [change];
        return await gateway.FindIntent(intentId, cancel) is GatewayAnswer<GatewayIntent>.Done { Value.LatestCharge: { } charge }
            ? [change, new PaymentChange.CardSeen(charge.CardBrand, charge.CardLast4)]
            : [change];
    }

    private async Task CheckRefund(Guid refundId, CancellationToken cancel)
    {
        Refund refund;
        string intentId;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            refund = await db.Refunds.AsNoTracking().FirstAsync(r => r.Id == refundId, cancel);
            intentId = (await db.Payments.Where(p => p.Id == refund.PaymentId).Select(p => p.PaymentIntentId).FirstAsync(cancel))!;
        }
        if (await gateway.ListRefunds(intentId, cancel) is not GatewayAnswer<GatewayPage<GatewayRefund>>.Done { Value: var known }) return;
        var key = refundId.ToString();
        if (known.Data.FirstOrDefault(r => r.Id == refund.GatewayId || r.Metadata?.GetValueOrDefault(StripeGateway.RefundKey) == key) is { } found)
            await refunds.Record(refund, new GatewayAnswer<GatewayRefund>.Done(found), cancel);

        // What the gateway once named it must not be asked for anew: least of all what somebody made there by hand.
        else if (refund.GatewayId is not null) return;
        else if ((refund.DecidedAt ?? refund.CreatedAt) + GatewayMemory - TimeSpan.FromHours(1) > time.GetUtcNow())
            await refunds.Send(refundId, cancel);
        else
            await refunds.Record(refund, new GatewayAnswer<GatewayRefund>.Refused(0, "never-arrived", "", ""), cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} ({Type}) was never told and is processed now")]
        public static partial void Missed(ILogger logger, string eventId, string type);

        [LoggerMessage(Level = LogLevel.Error, Message = "Payment {PaymentId} cannot be settled: {Problem}")]
        public static partial void Problem(ILogger logger, Guid paymentId, string problem);
    }
}
