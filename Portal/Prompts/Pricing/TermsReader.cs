using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Prompts.Pricing;

/// <summary>Reads an account's terms as they are in the database at this moment: a change counts at once, on whichever node it was made.</summary>
internal sealed class TermsReader(IDbContextFactory<PortalDb> databases) : IDisposable
{
    private readonly PreparedQuery<PromptTerms> question = new(databases, db => Of(db, Guid.Empty, DateTimeOffset.UnixEpoch), Read);

    /// <returns>Null: there is no such account.</returns>
    public Task<PromptTerms?> Read(Guid accountId, DateTimeOffset now, CancellationToken cancel) => question.Ask([accountId, now], cancel);

    public void Dispose() => question.Dispose();

    /// <summary>The columns in the order in which they are read.</summary>
    private static IQueryable<object> Of(PortalDb db, Guid accountId, DateTimeOffset now) =>
        from a in db.Accounts.AsNoTracking()
        where a.Id == accountId
        from s in db.Subscriptions.Where(s => s.AccountId == a.Id && s.Status != SubscriptionStatus.Canceled).DefaultIfEmpty()
        select new
        {
            a.Education, a.ContractMonths, a.TimeZone,
            Postpaid = db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
            Pooled = db.ComputePoolMembers.Any(m => m.AccountId == a.Id && m.AcceptedAt != null && db.ComputePools.Any(p => p.Id == m.PoolId && p.PeriodStart <= now && p.PeriodEnd > now)),
            Coupons = db.CouponRedemptions.Any(r => r.AccountId == a.Id && r.From <= now && r.Until > now),
            Card = CatalogReader.CardsAt(db, now).Select(c => c.Id).First(),
            PlanId = (int?)s!.PlanId, Status = (SubscriptionStatus?)s.Status, Term = (PlanTerm?)s.Term, Extra = (int?)s.ExtraConcurrent, CancelAtPeriodEnd = (bool?)s.CancelAtPeriodEnd,
            UnpaidTrial = (bool?)s.UnpaidTrial, Start = (DateTimeOffset?)s.PeriodStart, End = (DateTimeOffset?)s.PeriodEnd, s.TermEnd, s.PastDueSince,
        };

    private static PromptTerms Read(PreparedRow row) =>
        new(row.Flag(0), row.Number(1), row.Text(2), row.Flag(3), row.Flag(4), row.Flag(5), row.Number(6), row.IsNull(7) ? null : SubscriptionIn(row));

    private static Subscription SubscriptionIn(PreparedRow row) => new()
    {
        PlanId = row.Number(7), Status = (SubscriptionStatus)row.Number(8), Term = (PlanTerm)row.Number(9), ExtraConcurrent = row.Number(10),
        CancelAtPeriodEnd = row.Flag(11), UnpaidTrial = row.Flag(12), PeriodStart = row.Instant(13)!.Value, PeriodEnd = row.Instant(14)!.Value,
        TermEnd = row.Instant(15), PastDueSince = row.Instant(16),
    };
}
