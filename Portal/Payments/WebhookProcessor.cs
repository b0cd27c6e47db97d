using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;

namespace Portal.Payments;

/// <summary>Acts on stored events: what an event changes and that it was processed are committed together, so neither can happen without the other.</summary>
public sealed partial class WebhookProcessor(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, ILogger<WebhookProcessor> logger)
{
    /// <summary>Three days at one try a minute: as long as the gateway itself would go on.</summary>
    private const int AttemptsMax = 4320;
    private const int BatchMax = 200;

    /// <summary>Processes one event, unless it was processed before. A failure is kept with the event and left to the job.</summary>
    public async Task ProcessAsync(string eventId, CancellationToken ct)
    {
        var problem = "";
        try
        {
            problem = await ApplyAsync(eventId, ct);
            if (problem is null) return;
        }
        // Whatever is wrong with one event, the others must go on; it is kept with the event and counted.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            problem = error.Message;
            Log.Failed(logger, eventId, error);
        }
        Log.Kept(logger, eventId, problem);
        await KeepAsync(eventId, problem, ct);
    }

    /// <summary>Processes what is stored and was not processed, what was tried least first: no event keeps others waiting. Returns how many there were.</summary>
    public async Task<int> ProcessLeftoversAsync(CancellationToken ct)
    {
        List<string> left;
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            left = await db.WebhookEvents.Where(e => e.ProcessedAt == null && e.Attempts < AttemptsMax)
                .OrderBy(e => e.Attempts).ThenBy(e => e.ReceivedAt).Select(e => e.Id).Take(BatchMax).ToListAsync(ct);
        }
        foreach (var id in left) await ProcessAsync(id, ct);
        return left.Count;
    }

    private async Task<string?> ApplyAsync(string eventId, CancellationToken ct)
    {
        var (body, done) = await ReadAsync(eventId, ct);
        if (done) return null;
        var told = EventReader.Read(GatewayEvent.Read(body)!);
        string? problem = null;
        await ledger.Run<Done>(
            async transaction =>
            {
                var payment = told.Change is PaymentChange.Nothing ? null : await FindAsync(transaction.Db, told, ct);
                if (payment is not null) await transaction.Lock(payment.AccountId, ct);
                var row = await transaction.Db.WebhookEvents.FirstAsync(e => e.Id == eventId, ct);
                if (row.ProcessedAt is not null) return new Done();
                problem = payment is null ? null : await PaymentRecorder.Apply(transaction, payment.AccountId, payment.Id, told.Change, ct);

                // Nobody reads this refusal; it undoes the transaction.
                if (problem is not null) return Refusal.NotFound;
                row.ProcessedAt = transaction.Now;
                row.Attempts++;
                row.Error = payment is null && told.Change is not PaymentChange.Nothing ? "no such payment" : null;
                return new Done();
            },
            ct);
        return problem;
    }

    private async Task<(string Body, bool Done)> ReadAsync(string eventId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.WebhookEvents.AsNoTracking().FirstAsync(e => e.Id == eventId, ct);
        return (row.Body, row.ProcessedAt is not null);
    }

    private static async Task<Payment?> FindAsync(PortalDb db, ToldChange told, CancellationToken ct)
    {
        var payments = db.Payments.AsNoTracking();
        if (told.PaymentId is { } id && await payments.FirstOrDefaultAsync(p => p.Id == id, ct) is { } named) return named;
        if (told.Change is PaymentChange.RefundMoved { RefundId: { } refundId }
            && await payments.FirstOrDefaultAsync(p => p.Refunds.Any(r => r.Id == refundId), ct) is { } refunded) return refunded;
        return told.IntentId is { } intent ? await payments.FirstOrDefaultAsync(p => p.PaymentIntentId == intent, ct) : null;
    }

    private async Task KeepAsync(string eventId, string problem, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var text = problem.Length > 1000 ? problem[..1000] : problem;
        await db.WebhookEvents.Where(e => e.Id == eventId && e.ProcessedAt == null)
            .ExecuteUpdateAsync(e => e.SetProperty(r => r.Attempts, r => r.Attempts + 1).SetProperty(r => r.Error, text), ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not be processed")]
        public static partial void Failed(ILogger logger, string eventId, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} stays unprocessed: {Problem}")]
        public static partial void Kept(ILogger logger, string eventId, string problem);
    }
}
