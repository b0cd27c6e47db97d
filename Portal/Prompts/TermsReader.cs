using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Prompts;

/// <summary>
/// Reads an account's terms as they are in the database at this moment: a change counts at once, on whichever node it was made. Every prompt waits for it, so
/// it is one question, translated once, over connections that stay open: opening one costs more than asking.
/// </summary>
internal sealed class TermsReader(IDbContextFactory<PortalDb> databases) : IDisposable
{
    /// <summary>Connections that are kept for the next prompts; one answers some thousands a second.</summary>
    private const int KeptMost = 4;

    private readonly ConcurrentBag<PortalDb> kept = [];

    // The rate card's rule is CatalogReader's: a query that is translated once cannot call it.
    private readonly Func<PortalDb, Guid, DateTimeOffset, CancellationToken, Task<AccountTerms?>> ask = EF.CompileAsyncQuery(
        (PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel) => (
            from a in db.Accounts.AsNoTracking()
            where a.Id == accountId
            from s in db.Subscriptions.Where(s => s.AccountId == a.Id && s.Status != SubscriptionStatus.Canceled).DefaultIfEmpty()
            select new AccountTerms(
                a.Education, a.ContractMonths, a.TimeZone, s,
                db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
                db.ComputePoolMembers.Any(m => m.AccountId == a.Id && m.AcceptedAt != null && db.ComputePools.Any(p => p.Id == m.PoolId && p.PeriodStart <= now && p.PeriodEnd > now)),
                db.CouponRedemptions.Any(r => r.AccountId == a.Id && r.From <= now && r.Until > now),
                db.RateCards.Where(c => c.EffectiveFrom <= now && c.WithdrawnAt == null).OrderByDescending(c => c.EffectiveFrom).ThenByDescending(c => c.Version).Select(c => c.Id).First()))
            .FirstOrDefault());

    /// <returns>Null: there is no such account.</returns>
    public async Task<AccountTerms?> Read(Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        if (kept.TryTake(out var open))
        {
            try
            {
                return await Read(open, accountId, now, cancel);
            }
            catch (DbException)
            {
                // It may have broken while nobody used it, as when the server was started anew: a new one tells.
            }
        }

        var db = databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(cancel);
        return await Read(db, accountId, now, cancel);
    }

    public void Dispose()
    {
        while (kept.TryTake(out var db))
        {
            db.Dispose();
        }
    }

    private async Task<AccountTerms?> Read(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var usable = false;
        try
        {
            var terms = await ask(db, accountId, now, cancel);
            usable = kept.Count < KeptMost;
            return terms;
        }
        finally
        {
            if (usable)
            {
                kept.Add(db);
            }
            else
            {
                await db.DisposeAsync();
            }
        }
    }
}
