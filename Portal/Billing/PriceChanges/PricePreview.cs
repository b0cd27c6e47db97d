using Microsoft.EntityFrameworkCore;
using Portal.Billing.PriceChanges.Views;
using Portal.Billing.Coupons;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog.Editing;
using Portal.Catalog;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data;

namespace Portal.Billing.PriceChanges;

/// <summary>What a draft would mean for one customer, by the functions that charge. Changes nothing.</summary>
public sealed class PricePreview(IDbContextFactory<PortalDb> databases, DraftDesk drafts, PriceRegion region, TimeProvider clock)
{
    private const int AccountsMost = 20;

    /// <summary>The accounts of the person with this address; none when there is nobody.</summary>
    public async Task<Outcome<List<PreviewAccount>>> Accounts(Caller caller, string email, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var key = email.Trim().ToUpperInvariant();
        await using var db = databases.CreateDbContext();
        return await db.Memberships.AsNoTracking().Where(m => m.Person.NormalizedEmail == key && m.RemovedAt == null)
            .OrderBy(m => m.Account.Kind).ThenBy(m => m.CreatedAt).Take(AccountsMost)
            .Select(m => new PreviewAccount(m.AccountId, m.Account.Name)).ToListAsync(cancel);
    }

    public async Task<Outcome<PricePreviewView>> Read(Caller caller, int draftId, Guid accountId, CancellationToken cancel = default)
    {
        if (!(await drafts.Read(caller, draftId, cancel)).IsDone(out var refusal, out var draft))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        if (await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == accountId, cancel) is not { } account
            || await CatalogReader.CardsAt(db, now).AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().FirstOrDefaultAsync(cancel) is not { } today)
        {
            return Refusal.NotFound;
        }

        var live = await PaidPeriod.Live(db, accountId, cancel);
        var written = draft!.Plan?.ToRow(0, null, now);
        if (written is not null && live?.Plan.Key == written.Key)
        {
            written.Id = live.PlanId;
        }

        var held = live is not null && Entitlements.Gives(live, now) ? live : null;
        var plan = held?.Plan;
        var usage = new UsagePricer(
            account, await db.LedgerAccounts.AnyAsync(l => l.WalletId == accountId && l.Code == LedgerCodes.Postpaid && l.Floor < 0, cancel), held?.Term, region.Name,
            await AccountDiscounts.FactorsAt(db, accountId, now, cancel),
            new PricedBy(Sorted(today), plan), new PricedBy(draft.Prices?.ToRow(0, now) ?? Sorted(today), plan is not null && written?.Key == plan.Key ? written : plan));
        var used = await usage.Reprice(db, now, cancel);
        var (prompt, picture) = usage.Samples(now);
        return new PricePreviewView(account.Name, await Fee(db, accountId, live, written, draft.Prices?.ToRow(0, now), now, cancel), used, prompt, picture);
    }

    private static async Task<PreviewedFee?> Fee(PortalDb db, Guid accountId, Subscription? live, Plan? written, RateCard? card, DateTimeOffset now, CancellationToken cancel)
    {
        var today = await PeriodPrices.Read(db, [accountId], terms: true, cancel);
        var then = card is null ? today : today.With(card);
        if (live is not null && (written is null || live.Plan.Key == written.Key))
        {
            // What is planned for the next period counts, unless it is this very plan.
            var next = NextPeriod.Of(live, live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null, now);
            var moved = written is not null && next.Plan.Key == written.Key && next.Begins ? next with { Plan = written } : next;
            return new PreviewedFee(next.Plan, live.PeriodEnd, new PriceStep(Renewal(today, live, next, now), Renewal(then, live, moved, now)));
        }

        if (written is null)
        {
            return null;
        }

        var sold = await db.Plans.AsNoTracking().Where(p => p.Key == written.Key).OrderByDescending(p => p.Version).FirstOrDefaultAsync(cancel) ?? written;
        return new PreviewedFee(written, null, new PriceStep(Start(today, accountId, sold, now), Start(then, accountId, written, now)));
    }

    private static Money Renewal(PeriodPrices prices, Subscription live, NextPeriod next, DateTimeOffset now)
    {
        next = next with { Extras = next.Extras.WhyNot(next.Plan) is null ? next.Extras : PlanExtras.None };
        return next.IsPaid ? Money.Zero : Invoiced(live.AccountId, prices.OfRenewal(live, next, now), live.PeriodEnd);
    }

    private static Money Start(PeriodPrices prices, Guid accountId, Plan plan, DateTimeOffset now) =>
        Invoiced(accountId, prices.At(accountId, plan, PlanExtras.None, PlanTerm.Monthly, now), now);

    private static Money Invoiced(Guid accountId, PeriodPrice price, DateTimeOffset at) =>
        new(NewPeriod.DraftOf(accountId, NewPeriod.ReferenceOf(Guid.Empty, at), price, at, at, null).TotalNanos);

    private static RateCard Sorted(RateCard card)
    {
        card.Factors.Sort((a, b) => a.Order.CompareTo(b.Order));
        return card;
    }
}
