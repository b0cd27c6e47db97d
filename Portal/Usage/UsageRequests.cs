using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage;

/// <summary>The settled prompts one by one, with their receipts.</summary>
public sealed class UsageRequests(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const int TakeMax = 200;
    private const int BatchSize = 1000;

    /// <summary>The newest first.</summary>
    public async Task<Outcome<UsageRequestPage>> Page(Caller caller, UsageFilter filter, int skip, int take, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var scope = await UsageScope.Of(db, caller, filter, cancel);
        if (!scope.IsDone(out var refusal))
        {
            return refusal;
        }

        var records = await Within(db, scope.Value, filter.Range, cancel);
        var total = await records.CountAsync(cancel);
        var rows = await Rows(db, records.OrderByDescending(u => u.At).ThenByDescending(u => u.Id).Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, TakeMax))).ToListAsync(cancel);
        return new UsageRequestPage(rows, total);
    }

    /// <summary>How one prompt was charged.</summary>
    public async Task<Outcome<Receipt>> Receipt(Caller caller, Guid requestId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var json = await db.UsageRecords.AsNoTracking()
            .Where(u => u.Id == requestId && (caller.IsStaff || (u.AccountId == caller.AccountId && (caller.ManagesBilling || u.MembershipId == caller.MembershipId))))
            .Select(u => u.Receipt).FirstOrDefaultAsync(cancel);
        return json is null ? Refusal.NotFound : LedgerJson.ReadReceipt(json);
    }

    /// <summary>Of a prompt that was asked in a period of the account's plan and settled after it, when that period ended: it counts in the one that was open then.</summary>
    /// <returns>Null of every other.</returns>
    public async Task<DateTimeOffset?> LateFor(Caller caller, Guid requestId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await (
            from u in db.UsageRecords.AsNoTracking()
            where u.Id == requestId && (caller.IsStaff || (u.AccountId == caller.AccountId && (caller.ManagesBilling || u.MembershipId == caller.MembershipId)))
            join h in db.Holds on u.Id equals h.Id
            join s in db.Subscriptions on u.AccountId equals s.AccountId
            join p in db.SubscriptionPeriods on s.Id equals p.SubscriptionId
            where p.Start <= h.CreatedAt && h.CreatedAt < p.End && p.End <= u.At
            select (DateTimeOffset?)p.End).FirstOrDefaultAsync(cancel);
    }

    /// <summary>All requests of a filter, oldest first. Nothing is open in the database while they are written out.</summary>
    internal async Task<Outcome<Done>> Each(Caller caller, UsageFilter filter, Func<UsageRequest, TimeZoneInfo, Task> write, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var scope = await UsageScope.Of(db, caller, filter, cancel);
        if (!scope.IsDone(out var refusal))
        {
            return refusal;
        }

        var records = await Within(db, scope.Value, filter.Range, cancel);
        for (var rest = records; ;)
        {
            var batch = await Rows(db, rest.OrderBy(u => u.At).ThenBy(u => u.Id).Take(BatchSize)).ToListAsync(cancel);
            foreach (var row in batch)
            {
                await write(row, scope.Value.Zone);
            }

            if (batch.Count < BatchSize)
            {
                return new Done();
            }

            var (at, id) = (batch[^1].At, batch[^1].Id);
            rest = records.Where(u => u.At > at || (u.At == at && u.Id.CompareTo(id) > 0));
        }
    }

    private async Task<IQueryable<UsageRecord>> Within(PortalDb db, UsageScope scope, UsageRange range, CancellationToken cancel)
    {
        var window = await UsageWindow.Of(db, scope, range, clock.GetUtcNow(), cancel);
        return scope.Records(db).Where(u => u.At >= window.From && u.At < window.To);
    }

    private static IQueryable<UsageRequest> Rows(PortalDb db, IQueryable<UsageRecord> records) =>
        from u in records
        from m in db.Memberships.Where(m => m.Id == u.MembershipId).DefaultIfEmpty()
        from r in db.UsageReturns.Where(r => r.Id == u.Id).DefaultIfEmpty()
        select new UsageRequest(
            u.Id, u.At, u.Model, u.MembershipId, m == null ? "" : m.Person.DisplayName == "" ? m.Person.Email! : m.Person.DisplayName, u.ApiKeyId != null, u.Unit,
            u.InputTokens, u.OutputTokens, u.Images, u.CoveredUnits, u.ChargedNanos, u.ListNanos, u.DurationMs, u.Finish, r == null ? null : r.Nanos);
}
