using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support.Audit;

/// <summary>The audit as administrators read it.</summary>
public sealed class AuditLog(IDbContextFactory<PortalDb> databases)
{
    public const int PageSize = 50;
    private const int BatchSize = 1000;

    /// <param name="page">From 0, the newest.</param>
    public async Task<Outcome<AuditPage>> Read(Caller caller, AuditFilter filter, int page, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var lines = await Lines(db, Chosen(db, caller, filter).OrderByDescending(a => a.Id).Skip(Math.Clamp(page, 0, 1_000_000) * PageSize).Take(PageSize + 1)).ToListAsync(cancel);
        return new AuditPage([.. lines.Take(PageSize)], lines.Count > PageSize);
    }

    /// <summary>Every entry, oldest first, one after the other.</summary>
    public async Task<Outcome<Done>> Each(Caller caller, AuditFilter filter, Func<AuditLine, Task> take, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        // Nothing is open in the database while they are written out.
        await using var db = databases.CreateDbContext();
        for (var (after, count) = (0L, BatchSize); count == BatchSize;)
        {
            var batch = await Lines(db, Chosen(db, caller, filter).Where(a => a.Id > after).OrderBy(a => a.Id).Take(BatchSize)).ToListAsync(cancel);
            foreach (var line in batch)
            {
                await take(line);
            }

            (after, count) = (batch.Count == 0 ? after : batch[^1].Id, batch.Count);
        }

        return default(Done);
    }

    private static IQueryable<AuditEntry> Chosen(PortalDb db, Caller caller, AuditFilter filter)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (Text(filter.Person) is { } person)
        {
            var key = person.ToUpperInvariant();
            entries = entries.Where(a => db.Users.Any(p => p.Id == a.PersonId && p.NormalizedEmail!.Contains(key)));
        }

        if (Text(filter.Action) is { } action)
        {
            entries = entries.Where(a => a.Action.StartsWith(action));
        }

        if (Text(filter.Account) is { } account)
        {
            entries = Guid.TryParse(account, out var id)
                ? entries.Where(a => a.AccountId == id)
                : entries.Where(a => db.Accounts.Any(b => b.Id == a.AccountId && b.Name.Contains(account)));
        }

        if (filter.Day is { } day)
        {
            var zone = LocalDays.Zone(caller.TimeZone);
            var (from, to) = (LocalDays.StartOf(day, zone), LocalDays.StartOf(day.AddDays(1), zone));
            entries = entries.Where(a => a.At >= from && a.At < to);
        }

        return entries;
    }

    private static IQueryable<AuditLine> Lines(PortalDb db, IQueryable<AuditEntry> entries) =>
        from a in entries
        select new AuditLine(
            a.Id, a.At, db.Users.Where(p => p.Id == a.PersonId).Select(p => p.Email).FirstOrDefault(), a.Action, a.AccountId,
            db.Accounts.Where(b => b.Id == a.AccountId).Select(b => b.Name).FirstOrDefault(), a.Subject, a.Detail, a.Before, a.After, a.Reason, a.Sequence, a.Hash);

    private static string? Text(string? typed) => typed is not null && PlainText.Of(typed) is { Length: > 0 } text ? text : null;
}
