using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;

namespace Portal.Billing.Verification;

/// <summary>What was decided or received was also done.</summary>
internal static class BacklogRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, DateTimeOffset received, DateTimeOffset queued, CancellationToken cancel) =>
        [.. await Webhooks(db, received, cancel), .. await Mails(db, queued, cancel)];

    private static async Task<IEnumerable<Finding>> Webhooks(PortalDb db, DateTimeOffset received, CancellationToken cancel)
    {
        // One that waits for its payment is late when its next try is.
        var wrong = await db.WebhookEvents.Where(w => w.ProcessedAt == null && (w.NextTryAt ?? w.ReceivedAt) < received).OrderBy(w => w.ReceivedAt)
            .Select(w => new { w.Id, w.Type, w.ReceivedAt, w.Attempts, w.Error }).ToListAsync(cancel);
        return wrong.Select(w => new Finding("webhook.unprocessed", $"WebhookEvents {w.Id}", $"{w.Type} of {w.ReceivedAt:u}, tried {w.Attempts} times: {w.Error ?? "no error"}"));
    }

    private static async Task<IEnumerable<Finding>> Mails(PortalDb db, DateTimeOffset queued, CancellationToken cancel)
    {
        var wrong = await db.OutboxMails.Where(m => m.SentAt == null && m.Attempts < OutboxMail.AttemptsMax && m.CreatedAt < queued).OrderBy(m => m.CreatedAt)
            .Select(m => new { m.Id, m.DedupKey, m.CreatedAt, m.Attempts }).ToListAsync(cancel);
        return wrong.Select(m => new Finding("outbox.unsent", $"OutboxMails {m.Id}", $"{m.DedupKey} of {m.CreatedAt:u}, tried {m.Attempts} times"));
    }
}
