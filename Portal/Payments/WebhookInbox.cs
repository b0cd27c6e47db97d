using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Gateway;

namespace Portal.Payments;

/// <summary>Stores the gateway's events under their own ids, each once.</summary>
public sealed class WebhookInbox(IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    /// <param name="body">The event's JSON as the gateway wrote it.</param>
    /// <returns>False when it was stored before.</returns>
    public async Task<bool> Store(GatewayEvent told, string body, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.WebhookEvents.AnyAsync(e => e.Id == told.Id, cancel)) return false;
        db.WebhookEvents.Add(new WebhookEvent { Id = told.Id, Type = told.Type, Body = body, ReceivedAt = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException)
        {
            // A copy that came at the same moment was stored first; anything else is a failure that the gateway must hear of.
            await using var again = await databases.CreateDbContextAsync(cancel);
            if (!await again.WebhookEvents.AnyAsync(e => e.Id == told.Id, cancel)) throw;
            return false;
        }
    }
}
