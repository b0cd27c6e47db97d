using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Accounts.Keys;

/// <summary>Secrets that programs call the portal with. A secret is known to its maker alone; the portal keeps its hash.</summary>
public sealed class ApiKeys(IDbContextFactory<PortalDb> databases, TimeProvider clock, KeyDoor door)
{
    public const int NameMax = 80;

    /// <summary>Of one seat: in use, and made within a day. Each may have budgets, which every prompt of the account is held against.</summary>
    public const int KeysMax = 100;

    public const int ModelsMax = 20;

    /// <summary>How far ahead a key's end may lie.</summary>
    public const int YearsMax = 5;

    /// <summary>How long a rotated-out secret may stay good.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);

    /// <summary>The account's keys in use, newest first; a member who does not manage billing sees their own.</summary>
    public async Task<IReadOnlyList<ApiKeyView>> List(Caller caller, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var rows = await Visible(db, caller).AsNoTracking()
            .Join(db.Memberships, k => k.MembershipId, m => m.Id, (k, m) => new { k, m })
            .OrderByDescending(x => x.k.CreatedAt).ThenByDescending(x => x.k.Id)
            .Select(x => new { x.k, x.m.Id, x.m.Person.DisplayName, x.m.Person.Email, Project = db.Projects.Where(p => p.Id == x.k.ProjectId).Select(p => p.Name).First() })
            .ToListAsync(cancel);
        return
        [
            .. rows.Select(x => new ApiKeyView(
                x.k.Id, x.k.Name, x.k.Prefix, x.DisplayName, x.Email!, x.Id == caller.MembershipId, x.Project, x.k.Endpoints, KeyDoor.ModelsOf(x.k),
                x.k.CreatedAt, x.k.ExpiresAt, x.k.ExpiresAt <= now, x.k.LastUsedAt, x.k.PreviousUntil > now ? x.k.PreviousUntil : null)),
        ];
    }

    /// <returns>The only time that the secret is told.</returns>
    public async Task<Outcome<NewApiKey>> Create(Caller caller, KeyTerms terms, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var name = terms.Name.Trim();
        var now = clock.GetUtcNow();
        if (Unfit(name, terms, now) is { } refusal)
        {
            return refusal;
        }

        var secret = KeySecret.Make();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now), AccountId = caller.AccountId, ProjectId = terms.ProjectId ?? caller.ProjectId, MembershipId = caller.MembershipId,
            Name = name, Prefix = secret[..KeySecret.PrefixLength], Hash = KeySecret.HashOf(secret), Endpoints = terms.Endpoints,
            Models = terms.Models.Count == 0 ? null : string.Join('\n', terms.Models), CreatedAt = now, ExpiresAt = terms.ExpiresAt,
        };
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The update is the lock: a project that is being archived waits, and then finds the key.
        if (await db.Projects.Where(p => p.Id == key.ProjectId && p.AccountId == caller.AccountId && p.ArchivedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.ArchivedAt, (DateTimeOffset?)null), cancel) == 0)
        {
            return Refusal.NotFound;
        }

        var yesterday = now.AddDays(-1);
        if (await db.ApiKeys.CountAsync(k => k.MembershipId == key.MembershipId && (k.RevokedAt == null || k.CreatedAt > yesterday), cancel) >= KeysMax)
        {
            return new Refusal("key.many", $"{KeysMax}");
        }

        db.ApiKeys.Add(key);
        db.AuditEntries.Add(Entry(caller, "key.created", key, now));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new NewApiKey(key.Id, secret);
    }

    /// <summary>
    /// A new secret for the same key. Whoever has the secret acts as the key's member, so nobody else may ask for one. A secret before the last
    /// ends at once.
    /// </summary>
    /// <param name="overlap">How long the present secret stays good; zero: it ends now.</param>
    /// <returns>The only time that the secret is told.</returns>
    public async Task<Outcome<NewApiKey>> Rotate(Caller caller, Guid keyId, TimeSpan overlap, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (overlap < TimeSpan.Zero || overlap > OverlapMax)
        {
            return new Refusal("key.overlap", $"{OverlapMax.Days}");
        }

        var now = clock.GetUtcNow();
        var secret = KeySecret.Make();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (until, hash, prefix) = (now + overlap, KeySecret.HashOf(secret), secret[..KeySecret.PrefixLength]);
        var good = Visible(db, caller).Where(k => k.Id == keyId && k.MembershipId == caller.MembershipId && (k.ExpiresAt == null || k.ExpiresAt > now));
        if (await good.ExecuteUpdateAsync(
            set => set.SetProperty(k => k.PreviousHash, k => k.Hash).SetProperty(k => k.PreviousUntil, until).SetProperty(k => k.Hash, hash).SetProperty(k => k.Prefix, prefix),
            cancel) == 0)
        {
            return Refusal.NotFound;
        }

        db.AuditEntries.Add(Entry(caller, "key.rotated", await db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == keyId, cancel), now));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        door.Forget(keyId);
        return new NewApiKey(keyId, secret);
    }

    /// <summary>Ends a key at once. Revoking a revoked one changes nothing.</summary>
    public async Task<Outcome<Done>> Revoke(Caller caller, Guid keyId, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        await using var db = databases.CreateDbContext();
        if (await Own(db, caller).AsNoTracking().FirstOrDefaultAsync(k => k.Id == keyId, cancel) is not { } key)
        {
            return Refusal.NotFound;
        }

        // The update is also the lock: of two who revoke at once one has done it, and the audit names that one.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        if (await Visible(db, caller).Where(k => k.Id == keyId).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), cancel) == 1)
        {
            db.AuditEntries.Add(Entry(caller, "key.revoked", key, now));
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        door.Forget(keyId);
        return default(Done);
    }

    private static Refusal? Unfit(string name, KeyTerms terms, DateTimeOffset now)
    {
        if (name.Length is 0 or > NameMax || name.Any(char.IsControl))
        {
            return new Refusal("key.name", $"{NameMax}");
        }

        if (terms.Endpoints == KeyEndpoints.None || (terms.Endpoints & ~KeyEndpoints.All) != 0)
        {
            return new Refusal("key.endpoints");
        }

        if (terms.Models.Count > ModelsMax || terms.Models.Any(m => m.Length == 0 || m.Any(char.IsControl)) || terms.Models.Sum(m => m.Length + 1) > ApiKey.ModelsLengthMax)
        {
            return new Refusal("key.models", $"{ModelsMax}");
        }

        return terms.ExpiresAt is { } end && (end <= now || end > now.AddYears(YearsMax)) ? new Refusal("key.expiry", $"{YearsMax}") : null;
    }

    private static IQueryable<ApiKey> Visible(PortalDb db, Caller caller) => Own(db, caller).Where(k => k.RevokedAt == null);

    private static IQueryable<ApiKey> Own(PortalDb db, Caller caller) =>
        db.ApiKeys.Where(k => k.AccountId == caller.AccountId && (caller.ManagesBilling || k.MembershipId == caller.MembershipId));

    private static AuditEntry Entry(Caller caller, string action, ApiKey key, DateTimeOffset now) => new()
    {
        At = now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{key.Id}", Detail = $"{key.Prefix}… {key.Name}",
    };
}
