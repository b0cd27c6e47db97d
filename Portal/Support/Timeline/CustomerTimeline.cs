using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Support.Timeline;

/// <summary>All that happened to a customer in one order: money as the ledger booked it, and what people did.</summary>
public sealed class CustomerTimeline(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int PageSize = 40;
    public const int PagesMax = 50;

    /// <param name="kinds">None: all.</param>
    /// <param name="page">From 0, the newest.</param>
    public async Task<Outcome<TimelinePage>> Read(Caller caller, Guid accountId, IReadOnlyCollection<TimelineKind> kinds, int page, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.Accounts.Where(a => a.Id == accountId).Select(a => new { a.Name, a.TimeZone }).FirstOrDefaultAsync(cancel) is not { } account)
        {
            return Refusal.NotFound;
        }

        // Each source gives its newest: what is on the page is among them, wherever it comes from.
        page = Math.Clamp(page, 0, PagesMax - 1);
        var most = ((page + 1) * PageSize) + 1;
        var wanted = kinds.Count == 0 ? Enum.GetValues<TimelineKind>() : [.. kinds.Distinct()];
        var entries = new List<TimelineEntry>();
        var money = new TimelineMoney(db, accountId, most);
        var deeds = new TimelineDeeds(db, accountId, most);
        if (wanted.Contains(TimelineKind.Money))
        {
            entries.AddRange([.. await money.Transfers(cancel), .. await money.Failures(cancel), .. await money.Documents(cancel)]);
        }

        entries.AddRange(await money.Days(account.TimeZone, wanted, cancel));
        entries.AddRange(await deeds.Audited(wanted, cancel));
        if (wanted.Contains(TimelineKind.Plan))
        {
            entries.AddRange(await money.Periods(clock.GetUtcNow(), cancel));
        }

        if (wanted.Contains(TimelineKind.Tickets))
        {
            entries.AddRange(await deeds.Letters(cancel));
        }

        if (wanted.Contains(TimelineKind.SignIns))
        {
            entries.AddRange(await deeds.SignIns(cancel));
        }

        var shown = entries.OrderByDescending(e => e.At).ThenBy(e => e.Kind).ThenBy(e => e.Source).ThenBy(e => e.Code, StringComparer.Ordinal).ThenByDescending(e => e.Key, StringComparer.Ordinal)
            .Skip(page * PageSize).ToList();
        return new TimelinePage(account.Name, [.. shown.Take(PageSize)], shown.Count > PageSize && page < PagesMax - 1);
    }
}
