using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Payments.Comparison;

/// <summary>Refunds and disputes of payments that nobody here knows, as they come where other systems share the gateway's account.</summary>
public sealed class ForeignEvents(IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    private const int Most = 20;

    /// <returns>What waits for its payment, and what was found to be none of the portal's lately; the newest first.</returns>
    public async Task<Outcome<IReadOnlyList<ForeignEvent>>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var since = time.GetUtcNow() - GatewayComparer.Window;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.WebhookEvents.AsNoTracking()
            .Where(e => e.NextTryAt != null && (e.ProcessedAt == null || (e.ProcessedAt >= since && e.Error != null)))
            .OrderByDescending(e => e.ReceivedAt).ThenBy(e => e.Id).Take(Most).Select(e => new { e.Id, e.Type, e.ReceivedAt, e.ProcessedAt }).ToListAsync(cancel);
        return rows.ConvertAll(e => new ForeignEvent(e.Id, e.Type, e.ReceivedAt, e.ProcessedAt is null ? e.ReceivedAt + WebhookProcessor.PaymentWait : null));
    }
}
