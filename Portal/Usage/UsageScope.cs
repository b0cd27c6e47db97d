using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage;

/// <summary>The part of the usage that a caller may see, and whether it is a whole account's.</summary>
/// <param name="MembershipId">Null: all seats.</param>
internal sealed record UsageScope(Guid AccountId, Guid? MembershipId, string? Model, bool WholeAccount, TimeZoneInfo Zone)
{
    /// <returns>Not found for the seats and accounts of others.</returns>
    public static async Task<Outcome<UsageScope>> Of(PortalDb db, Caller caller, UsageFilter filter, CancellationToken cancel)
    {
        var accountId = filter.AccountId ?? caller.AccountId;
        var own = accountId == caller.AccountId;
        if (!own && !caller.IsStaff)
        {
            return Refusal.NotFound;
        }

        var whole = !own || caller.ManagesBilling;
        if (!whole && filter.MembershipId is { } other && other != caller.MembershipId)
        {
            return Refusal.NotFound;
        }

        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId)
            .Select(a => new { a.TimeZone, Seat = filter.MembershipId == null || a.Members.Any(m => m.Id == filter.MembershipId) }).FirstOrDefaultAsync(cancel);
        return account is { Seat: true }
            ? new UsageScope(accountId, whole ? filter.MembershipId : caller.MembershipId, filter.Model?.Replace('\0', '\uFFFD'), whole, LocalDays.Zone(account.TimeZone))
            : Refusal.NotFound;
    }

    public IQueryable<UsageRecord> Records(PortalDb db) => db.UsageRecords.AsNoTracking()
        .Where(u => u.AccountId == AccountId && (MembershipId == null || u.MembershipId == MembershipId) && (Model == null || u.Model == Model));

    public IQueryable<UsageHour> Hours(PortalDb db) => db.UsageHours.AsNoTracking()
        .Where(h => h.AccountId == AccountId && (MembershipId == null || h.MembershipId == MembershipId) && (Model == null || h.Model == Model));
}
