using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

internal static class WalletLoader
{
    /// <summary>Reads what the wallet's commands need: accounts that are not spent and gone, counters, open prompts.</summary>
    public static async Task<WalletBook> Load(PortalDb db, Guid walletId, DateTimeOffset now, bool tracked, CancellationToken cancel)
    {
        var tracking = tracked ? QueryTrackingBehavior.TrackAll : QueryTrackingBehavior.NoTracking;
        var accounts = await db.LedgerAccounts.AsTracking(tracking)
            .Where(a => a.WalletId == walletId && (a.ExpiresAt == null || a.ExpiresAt > now || a.Balance != 0 || a.Held != 0)).ToListAsync(cancel);
        var counters = await db.Counters.AsTracking(tracking).Where(c => c.WalletId == walletId).ToListAsync(cancel);
        var open = await db.Holds.CountAsync(h => h.WalletId == walletId && h.State == HoldState.Open && h.Quote != null, cancel);
        return new WalletBook(walletId, accounts, counters, open);
    }
}
