using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Pools;

/// <summary>
/// A period of a pool: every member pays its share and gets its invoice, all of them or none. When one cannot pay, nobody is charged and nobody has the
/// instance, until everybody can: then a new row of periods begins with that day.
/// </summary>
internal static class PoolPeriods
{
    /// <summary>The kind of the invoices' line; its detail is the pool's name.</summary>
    public const string Line = "pool";

    /// <summary>Locks every member's wallet, in the order of their ids, before the pool is read.</summary>
    public static async Task<ComputePool?> Lock(LedgerTransaction transaction, Guid poolId, CancellationToken cancel)
    {
        var accounts = await transaction.Db.ComputePoolMembers.AsNoTracking().Where(m => m.PoolId == poolId).Select(m => m.AccountId).ToListAsync(cancel);
        foreach (var account in accounts.Order())
        {
            await transaction.Lock(account, cancel);
        }

        return await transaction.Db.ComputePools.Include(p => p.Members).FirstOrDefaultAsync(p => p.Id == poolId, cancel);
    }

    /// <summary>Opens the period that contains now; of those before it nothing was to be had, so nothing is charged for them.</summary>
    /// <param name="pool">Locked; everybody has accepted.</param>
    /// <returns>False when somebody cannot pay: nothing was charged.</returns>
    public static async Task<bool> Open(LedgerTransaction transaction, ComputePool pool, CancellationToken cancel)
    {
        var members = pool.Members.OrderBy(m => m.Number).ToList();
        var shares = PoolShares.Of(new Money(pool.MonthlyNanos), members.ConvertAll(m => m.SharePercent));
        foreach (var (member, share) in members.Zip(shares))
        {
            var book = (await transaction.Lock(member.AccountId, cancel))!;
            if (book.Available(Unit.Money, PaidPeriod.FeeSources, null, transaction.Now) < share.Nanos)
            {
                return false;
            }
        }

        var zone = await PaidPeriod.ZoneOf(transaction.Db, members[0].AccountId, cancel);
        var now = BillingPeriods.WholeSecond(transaction.Now);
        var goesOn = pool is { State: ComputePoolState.Running, PeriodEnd: not null };
        var (from, to) = goesOn ? BillingPeriods.Containing(pool.Anchor!.Value, pool.PeriodEnd!.Value, 1, zone, now) : (now, BillingPeriods.End(now, now, 1, zone));
        foreach (var (member, share) in members.Zip(shares).OrderBy(m => m.First.AccountId).Where(m => m.Second > Money.Zero))
        {
            var reference = Reference(pool, from, member);
            _ = (await transaction.Apply(
                new Draw(
                    member.AccountId, $"{PaidPeriod.FeeCode}:{reference}", reference, PaidPeriod.FeeCode, Unit.Money, share.Nanos, PaidPeriod.FeeSources,
                    new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)),
                cancel)).Value;
        }

        pool.Anchor = goesOn ? pool.Anchor : from;
        (pool.State, pool.PeriodStart, pool.PeriodEnd, pool.UnpaidSince) = (ComputePoolState.Running, from, to, null);
        transaction.Db.ComputePoolPeriods.Add(new ComputePoolPeriod { PoolId = pool.Id, Start = from, End = to, FeeNanos = pool.MonthlyNanos });
        foreach (var (member, share) in members.Zip(shares).Where(m => m.Second > Money.Zero))
        {
            await InvoiceWriter.Issue(
                transaction, new InvoiceDraft(member.AccountId, InvoiceKind.Plan, Reference(pool, from, member), [new(Line, pool.Name, share.Nanos, from, to)]), cancel);
        }

        return true;
    }

    /// <summary>Of a member's fee and invoice: at most 80 characters.</summary>
    private static string Reference(ComputePool pool, DateTimeOffset from, ComputePoolMember member) => $"{pool.Id:N}:{from.ToUnixTimeSeconds()}:{member.Number}";
}
