using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts.SignIn;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Support;

/// <summary>Finds people for the staff by a part of their e-mail address, or by the whole of one that they had before.</summary>
public sealed class CustomerSearch(IDbContextFactory<PortalDb> databases, ILookupNormalizer normalizer, TimeProvider clock)
{
    public const int LengthMin = 3;
    public const int HitsMax = 50;

    /// <returns>At most <see cref="HitsMax"/> people with the accounts they belong to, in the order of their addresses.</returns>
    public async Task<Outcome<List<CustomerHit>>> Find(Caller caller, string part, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        part = PlainText.Of(part);
        if (part.Length < LengthMin)
        {
            return new Refusal("search.short", $"{LengthMin}");
        }

        var key = normalizer.NormalizeEmail(part);
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var (all, had) = (db.Users.AsNoTracking().OrderBy(p => p.NormalizedEmail), db.AuditEntries.Where(a => a.Action == AddressDesk.Action && a.Subject == key));
        var people = await all.Where(p => p.NormalizedEmail!.Contains(key)).Take(HitsMax).ToListAsync(cancel);
        if (people.Count == 0) people = await all.Where(p => had.Select(a => a.PersonId).Contains(p.Id)).Take(HitsMax).ToListAsync(cancel);
        var ids = people.ConvertAll(p => p.Id);
        var seats = await db.Memberships.AsNoTracking().Where(m => ids.Contains(m.PersonId) && m.RemovedAt == null)
            .OrderBy(m => m.Account.Kind).ThenBy(m => m.CreatedAt)
            .Select(m => new { m.PersonId, Hit = new HitAccount(m.AccountId, m.Account.Name, m.Account.Kind, m.Role) }).ToListAsync(cancel);
        var accounts = seats.ToLookup(s => s.PersonId, s => s.Hit);
        return people.ConvertAll(p => new CustomerHit(p.Id, p.DisplayName, p.Email!, p.LockoutEnd > now, [.. accounts[p.Id]]));
    }
}

public sealed record CustomerHit(Guid PersonId, string Name, string Email, bool Locked, IReadOnlyList<HitAccount> Accounts);

public sealed record HitAccount(Guid AccountId, string Name, AccountKind Kind, MemberRole Role);
