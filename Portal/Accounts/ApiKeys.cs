using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Accounts;

/// <summary>Secrets that programs call the portal with. A secret is known to its maker alone; the portal keeps its hash.</summary>
public sealed class ApiKeys(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const string SecretPrefix = "pk_";
    public const int NameMax = 80;

    /// <summary>Of one seat: in use, and made within a day. Each may have budgets, which every prompt of the account is held against.</summary>
    public const int KeysMax = 100;

    private const int SecretBytes = 32;
    private const int PrefixLength = 11;

    // Last used is for people: a row is not written on every call.
    private static readonly TimeSpan UsedResolution = TimeSpan.FromMinutes(1);

    /// <summary>The account's keys in use, newest first; a member who does not manage billing sees their own.</summary>
    public async Task<IReadOnlyList<ApiKeyView>> List(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await Visible(db, caller).AsNoTracking()
            .Join(db.Memberships, k => k.MembershipId, m => m.Id, (k, m) => new { k, m })
            .OrderByDescending(x => x.k.CreatedAt).ThenByDescending(x => x.k.Id)
            .Select(x => new ApiKeyView(
                x.k.Id, x.k.Name, x.k.Prefix, x.m.Person.DisplayName, x.m.Person.Email!, x.m.Id == caller.MembershipId,
                db.Projects.Where(p => p.Id == x.k.ProjectId).Select(p => p.Name).First(), x.k.CreatedAt, x.k.LastUsedAt))
            .ToListAsync(cancel);
    }

    /// <param name="projectId">What the key is used for is booked under it; null: the caller's own.</param>
    /// <returns>The only time that the secret is told.</returns>
    public async Task<Outcome<NewApiKey>> Create(Caller caller, string name, Guid? projectId = null, CancellationToken cancel = default)
    {
        name = name.Trim();
        if (name.Length is 0 or > NameMax || name.Any(char.IsControl))
        {
            return new Refusal("key.name", NameMax.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var secret = SecretPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = clock.GetUtcNow();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now), AccountId = caller.AccountId, ProjectId = projectId ?? caller.ProjectId, MembershipId = caller.MembershipId,
            Name = name, Prefix = secret[..PrefixLength], Hash = HashOf(secret), CreatedAt = now,
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
            return new Refusal("key.many", KeysMax.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        db.ApiKeys.Add(key);
        db.AuditEntries.Add(Entry(caller, "key.created", key, now));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new NewApiKey(key.Id, secret);
    }

    /// <summary>Ends a key at once. Revoking a revoked one changes nothing.</summary>
    public async Task<Outcome<Done>> Revoke(Caller caller, Guid keyId, CancellationToken cancel = default)
    {
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
        return default(Done);
    }

    /// <returns>The key's id; null when no key in use has this secret.</returns>
    public async Task<Guid?> Authenticate(string secret, CancellationToken cancel = default)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var hash = HashOf(secret);
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var key = await db.ApiKeys.AsNoTracking().Where(k => k.Hash == hash && k.RevokedAt == null).Select(k => new { k.Id, k.LastUsedAt }).FirstOrDefaultAsync(cancel);
        if (key is null)
        {
            return null;
        }

        if (key.LastUsedAt is not { } last || now - last >= UsedResolution)
        {
            await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancel);
        }

        return key.Id;
    }

    private static IQueryable<ApiKey> Visible(PortalDb db, Caller caller) => Own(db, caller).Where(k => k.RevokedAt == null);

    private static IQueryable<ApiKey> Own(PortalDb db, Caller caller) =>
        db.ApiKeys.Where(k => k.AccountId == caller.AccountId && (caller.ManagesBilling || k.MembershipId == caller.MembershipId));

    private static AuditEntry Entry(Caller caller, string action, ApiKey key, DateTimeOffset now) => new()
    {
        At = now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{key.Id}", Detail = $"{key.Prefix}… {key.Name}",
    };

    private static string HashOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
