using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.SignIn;

/// <summary>What people say about themselves.</summary>
public sealed class ProfileDesk(IDbContextFactory<PortalDb> databases)
{
    private const int TriesMax = 5;

    /// <summary>Languages that letters are written in.</summary>
    public static IReadOnlyList<string> Cultures { get; } = ["en", "zh-CN"];

    public async Task<Profile?> Read(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await db.Users.AsNoTracking().Where(p => p.Id == caller.PersonId)
            .Select(p => new Profile(p.Email!, p.DisplayName, p.Culture,
                db.Memberships.Where(m => m.PersonId == p.Id && m.Account.Kind == AccountKind.Personal && m.RemovedAt == null).Select(m => m.Account.TimeZone).FirstOrDefault()))
            .SingleOrDefaultAsync(cancel);
    }

    /// <param name="timeZone">IANA id for the personal account's days; null leaves it, and a person without one has none.</param>
    public async Task<Outcome<Done>> Update(Caller caller, string displayName, string culture, string? timeZone, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (!NewPerson.IsName(displayName)) return new Refusal("profile.name", $"{NewPerson.NameLengthMax}");
        if (!Cultures.Contains(culture)) return new Refusal("profile.language");
        if (timeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _)) return new Refusal("profile.time-zone");

        for (var tries = 1; ; tries++)
        {
            try
            {
                return await UpdateOnce(caller, displayName.Trim(), culture, timeZone, cancel);
            }
            catch (DbUpdateConcurrencyException) when (tries < TriesMax)
            {
                // The person's row changed since it was read: another tab, or a sign-in. Whoever saves last is meant.
            }
        }
    }

    private async Task<Outcome<Done>> UpdateOnce(Caller caller, string displayName, string culture, string? timeZone, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        if (await db.Users.SingleOrDefaultAsync(p => p.Id == caller.PersonId, cancel) is not { } person) return Refusal.NotFound;
        person.DisplayName = displayName;
        person.Culture = culture;
        person.ConcurrencyStamp = Guid.NewGuid().ToString();
        var account = await db.Memberships.Where(m => m.PersonId == caller.PersonId && m.Account.Kind == AccountKind.Personal && m.RemovedAt == null)
            .Select(m => m.Account).SingleOrDefaultAsync(cancel);
        if (account is not null)
        {
            account.Name = person.DisplayName;
            account.TimeZone = timeZone ?? account.TimeZone;
        }
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }
}
