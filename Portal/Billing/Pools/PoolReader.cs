using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Pools;

/// <summary>Reads pools: an administrator all of them, an account its own.</summary>
public sealed class PoolReader(IDbContextFactory<PortalDb> databases)
{
    private const int Most = 200;

    public async Task<Outcome<IReadOnlyList<PoolView>>> All(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var pools = await db.ComputePools.AsNoTracking().Include(p => p.Members).OrderBy(p => p.State == ComputePoolState.Ended).ThenByDescending(p => p.CreatedAt).Take(Most).ToListAsync(cancel);
        return await Views(db, pools, null, cancel);
    }

    /// <summary>Those that the account carries or was asked to carry; what ended is not listed.</summary>
    public async Task<Outcome<IReadOnlyList<PoolView>>> Mine(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var pools = await db.ComputePools.AsNoTracking().Include(p => p.Members)
            .Where(p => p.State != ComputePoolState.Ended && p.Members.Any(m => m.AccountId == caller.AccountId)).OrderBy(p => p.CreatedAt).ToListAsync(cancel);
        return await Views(db, pools, caller.AccountId, cancel);
    }

    private static async Task<Outcome<IReadOnlyList<PoolView>>> Views(PortalDb db, List<ComputePool> pools, Guid? reader, CancellationToken cancel)
    {
        var ids = pools.SelectMany(p => p.Members).Select(m => m.AccountId).Distinct().ToList();
        var names = ids.Count == 0 ? [] : await db.Accounts.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, cancel);
        return pools.ConvertAll(pool =>
        {
            var rows = pool.Members.OrderBy(m => m.Number).ToList();
            var shares = PoolShares.Of(new Money(pool.MonthlyNanos), rows.ConvertAll(m => m.SharePercent));
            var members = rows.Select((m, i) => new PoolView.Member(m.AccountId, names.GetValueOrDefault(m.AccountId, ""), m.SharePercent, shares[i], m.AcceptedAt is not null)).ToList();
            return new PoolView(
                pool.Id, pool.Name, new Money(pool.MonthlyNanos), pool.State, pool.PeriodStart, pool.PeriodEnd, pool.Ending, members, members.Find(m => m.AccountId == reader));
        });
    }
}
