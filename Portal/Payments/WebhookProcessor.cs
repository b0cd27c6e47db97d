using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;

namespace Portal.Payments;

/// <summary>Acts on stored events: what an event changes and that it was processed are committed together, so neither can happen without the other.</summary>
public sealed partial class WebhookProcessor(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, RenewalRun renewals, TimeProvider time, ILogger<WebhookProcessor> logger)
{
    /// <summary>Three days at one try a minute: as long as the gateway itself would go on.</summary>
    private const int AttemptsMax = 4320;
    private const int BatchMax = 200;
    private const string NoPayment = "no such payment";

    /// <summary>
    /// How long a refund or dispute waits for its payment. It names only the gateway's intent, which a payment page gets when it is paid: where events
    /// come in another order the payment is found once it was heard of. After that it is taken for somebody else's.
    /// </summary>
    public static readonly TimeSpan PaymentWait = TimeSpan.FromDays(2);

    /// <summary>Between two tries of an event that waits for its payment; doubled from a minute on.</summary>
    private static readonly TimeSpan PauseMost = TimeSpan.FromHours(1);

    /// <summary>Processes one event, unless it was processed before. A failure is kept with the event and left to the job.</summary>
    public async Task Process(string eventId, CancellationToken cancel)
    {
        var problem = "";
        try
        {
            problem = await Apply(eventId, cancel);
            if (problem is null) return;
            if (problem == NoPayment)
            {
                await Wait(eventId, cancel);
                return;
            }
        }
        // Whatever is wrong with one event, the others must go on; it is kept with the event and counted.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            problem = error.Message;
            Log.Failed(logger, eventId, error);
        }
        Log.Kept(logger, eventId, problem);
        await Keep(eventId, problem, cancel);
    }

    /// <summary>Processes what is stored and was not processed, what was tried least first: no event keeps others waiting. Returns how many there were.</summary>
    public async Task<int> ProcessLeftovers(CancellationToken cancel)
    {
        List<string> left;
        var now = time.GetUtcNow();
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            left = await db.WebhookEvents.Where(e => e.ProcessedAt == null && e.Attempts < AttemptsMax && (e.NextTryAt == null || e.NextTryAt <= now))
                .OrderBy(e => e.Attempts).ThenBy(e => e.ReceivedAt).Select(e => e.Id).Take(BatchMax).ToListAsync(cancel);
        }
        foreach (var id in left) await Process(id, cancel);
        return left.Count;
    }

    private async Task<string?> Apply(string eventId, CancellationToken cancel)
    {
        var (body, done) = await Read(eventId, cancel);
        if (done) return null;
        var heard = GatewayEvent.Read(body)!;
        var (told, card) = (EventReader.Read(heard), CardChange.Read(heard));
        string? problem = null;
        Guid? credited = null;
        await ledger.Run<Done>(
            async transaction =>
            {
                var payment = told.Change is PaymentChange.Nothing ? null : await Find(transaction.Db, told, cancel);
                if (payment is not null) await transaction.Lock(payment.AccountId, cancel);
                if (card is not null) await CardRecorder.Apply(transaction, card, cancel);
                var row = await transaction.Db.WebhookEvents.FirstAsync(e => e.Id == eventId, cancel);
                if (row.ProcessedAt is not null) return new Done();
                problem = payment is not null ? await PaymentRecorder.Apply(transaction, payment.AccountId, payment.Id, told.Change, cancel)
                    : told.Change is PaymentChange.RefundMoved or PaymentChange.Disputed && row.ReceivedAt > transaction.Now - PaymentWait ? NoPayment : null;

                // Nobody reads this refusal; it undoes the transaction.
                if (problem is not null) return Refusal.NotFound;
                credited = told.Change is PaymentChange.Paid ? payment?.AccountId : null;
                row.ProcessedAt = transaction.Now;
                row.Attempts++;
                row.Error = payment is null && told.Change is not PaymentChange.Nothing ? NoPayment : null;
                if (told is { Change: PaymentChange.Paid, IntentId: { } intent } && payment is not null) await Wake(transaction.Db, intent, transaction.Now, cancel);
                return new Done();
            },
            cancel);
        if (credited is { } account) await renewals.Retry(account, cancel);
        return problem;
    }

    private async Task<(string Body, bool Done)> Read(string eventId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.WebhookEvents.AsNoTracking().FirstAsync(e => e.Id == eventId, cancel);
        return (row.Body, row.ProcessedAt is not null);
    }

    private static async Task<Payment?> Find(PortalDb db, ToldChange told, CancellationToken cancel)
    {
        var payments = db.Payments.AsNoTracking();
        if (told.PaymentId is { } id && await payments.FirstOrDefaultAsync(p => p.Id == id, cancel) is { } named) return named;
        if (told.Change is PaymentChange.RefundMoved { RefundId: { } refundId }
            && await payments.FirstOrDefaultAsync(p => p.Refunds.Any(r => r.Id == refundId), cancel) is { } refunded) return refunded;
        return told.IntentId is { } intent ? await payments.FirstOrDefaultAsync(p => p.PaymentIntentId == intent, cancel) : null;
    }

    /// <summary>Many gateways' accounts are shared: what names a payment that is not known here may be somebody else's, and is no error yet.</summary>
    private async Task Wait(string eventId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.WebhookEvents.FirstAsync(e => e.Id == eventId, cancel) is not { ProcessedAt: null } row) return;
        if (row.NextTryAt is null) Log.Waits(logger, eventId, row.Type, PaymentWait);
        var pause = TimeSpan.FromMinutes(1L << Math.Min(row.Attempts, 10));
        (row.Error, row.NextTryAt) = (NoPayment, time.GetUtcNow() + (pause < PauseMost ? pause : PauseMost));
        row.Attempts++;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The payment was heard of: what waits for it is due.</summary>
    private static Task<int> Wake(PortalDb db, string intent, DateTimeOffset now, CancellationToken cancel) => db.WebhookEvents
        .Where(e => e.ProcessedAt == null && e.NextTryAt > now && e.Body.Contains(intent)).ExecuteUpdateAsync(e => e.SetProperty(r => r.NextTryAt, now), cancel);

    private async Task Keep(string eventId, string problem, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var text = Fitted.To(problem, WebhookEvent.ErrorLengthMax);
        await db.WebhookEvents.Where(e => e.Id == eventId && e.ProcessedAt == null)
            .ExecuteUpdateAsync(e => e.SetProperty(r => r.Attempts, r => r.Attempts + 1).SetProperty(r => r.Error, text), cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not be processed")]
        public static partial void Failed(ILogger logger, string eventId, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} stays unprocessed: {Problem}")]
        public static partial void Kept(ILogger logger, string eventId, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} ({Type}) names a payment that is not known here; it waits for it, at most {Wait}")]
        public static partial void Waits(ILogger logger, string eventId, string type, TimeSpan wait);
    }
}
