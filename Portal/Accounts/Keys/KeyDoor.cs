using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.Keys;

/// <summary>
/// Who calls with a secret. A key that this node ends is shut at the next call, one that ended elsewhere, a lock and a seat's removal within two
/// seconds; what still began by then is stopped by the watch over running prompts.
/// </summary>
public sealed class KeyDoor(IDbContextFactory<PortalDb> databases, TimeProvider clock) : IDisposable
{
    // Last used is for people: a row is not written on every call.
    private static readonly TimeSpan UsedResolution = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    // Only of keys that exist: nobody fills this with guesses.
    private const int SeenMax = 10_000;

    private readonly ConcurrentDictionary<string, Seen> seen = new();
    private readonly PreparedQuery<Found> byHash = new(databases, db => Of(db, BySecret(db, "")), Read);
    private int noting;
    private int forgotten;
    private long? deniedAt;

    /// <returns>Refused with why the secret opens nothing: a holder may know that it expired.</returns>
    public async Task<Outcome<Caller>> Open(string secret, CancellationToken cancel = default)
    {
        if (!KeySecret.IsWhole(secret))
        {
            return new Refusal(secret.StartsWith(KeySecret.Start, StringComparison.Ordinal) ? "api.key-mistyped" : "api.key");
        }

        var hash = KeySecret.HashOf(secret);
        if (await Find(hash, cancel) is not { } found)
        {
            return new Refusal("api.key");
        }

        var (key, now) = (found.Key, clock.GetUtcNow());
        if (WhyShut(key, hash, now) is { } shut)
        {
            return shut;
        }

        if (key.LastUsedAt is not { } last || now - last >= UsedResolution)
        {
            await Note(key, now, cancel);
        }

        return CallerOf(found, hash);
    }

    /// <summary>Who works on with a key that was called with before; null when the key or its member is gone by now.</summary>
    public async Task<Caller?> ById(Guid keyId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var hash = await db.ApiKeys.Where(k => k.Id == keyId).Select(k => k.Hash).FirstOrDefaultAsync(cancel);
        return hash is not null && await byHash.Ask([hash], cancel) is { } found && WhyShut(found.Key, null, clock.GetUtcNow()) is null ? CallerOf(found, null) : null;
    }

    public void Dispose() => byHash.Dispose();

    /// <summary>The key's next call asks the database.</summary>
    internal void Forget(Guid keyId)
    {
        Interlocked.Increment(ref forgotten);
        foreach (var (hash, entry) in seen)
        {
            if (entry.Found.Key.Id == keyId)
            {
                seen.TryRemove(hash, out _);
            }
        }
    }

    /// <summary>Null while the key and, if one is asked about, its secret are good.</summary>
    internal static Refusal? WhyShut(ApiKey key, string? hash, DateTimeOffset now) =>
        key.RevokedAt is not null ? new Refusal("api.key-revoked")
        : key.ExpiresAt <= now ? new Refusal("api.key-expired")
        : hash is not null && key.Hash != hash && (key.PreviousHash != hash || key.PreviousUntil <= now) ? new Refusal("api.key-rotated")
        : null;

    internal static IReadOnlyList<string> ModelsOf(ApiKey key) => key.Models?.Split('\n') ?? [];

    private async Task<Found?> Find(string hash, CancellationToken cancel)
    {
        if (seen.TryGetValue(hash, out var entry) && clock.GetElapsedTime(entry.At) < FreshFor)
        {
            return entry.Found;
        }

        // Before the question: what ends while it is answered is asked for again in time.
        var (at, before) = (clock.GetTimestamp(), Volatile.Read(ref forgotten));
        var found = await byHash.Ask([hash], cancel);
        if (found is null)
        {
            seen.TryRemove(hash, out _);
            return null;
        }

        if (seen.Count >= SeenMax)
        {
            seen.Clear();
        }

        var kept = new Seen(found, at);
        seen[hash] = kept;
        if (Volatile.Read(ref forgotten) != before)
        {
            // A key has ended meanwhile, and what was read may be older than that.
            seen.TryRemove(KeyValuePair.Create(hash, kept));
        }

        return found;
    }

    /// <summary>Best effort: a database that cannot write shuts nobody out, and one call a minute at most waits for it.</summary>
    private async Task Note(ApiKey key, DateTimeOffset now, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref noting, 1) == 1)
        {
            return;
        }

        try
        {
            if (deniedAt is not { } denied || clock.GetElapsedTime(denied) >= UsedResolution)
            {
                await using var db = databases.CreateDbContext();
                await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancel);
                (key.LastUsedAt, deniedAt) = (now, null);
            }
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            deniedAt = clock.GetTimestamp();
        }
        finally
        {
            Volatile.Write(ref noting, 0);
        }
    }

    private static IQueryable<ApiKey> BySecret(PortalDb db, string hash) => db.ApiKeys.Where(k => k.Hash == hash || k.PreviousHash == hash);

    /// <summary>The columns in the order in which they are read.</summary>
    private static IQueryable Of(PortalDb db, IQueryable<ApiKey> keys) => keys.AsNoTracking().Join(Callers.InForce(db.Memberships), k => k.MembershipId, m => m.Id, (k, m) => new
    {
        k.Id, k.ProjectId, k.MembershipId, k.Name, k.Prefix, k.Hash, k.PreviousHash, k.PreviousUntil, k.Endpoints, k.Models, k.ExpiresAt, k.LastUsedAt, k.RevokedAt,
        m.PersonId, m.Role, m.Person.Email, m.Person.DisplayName, m.AccountId, m.Account.Kind, AccountName = m.Account.Name, m.Account.TimeZone,
    }).Take(1);

    private static Found Read(PreparedRow row) => new(
        new ApiKey
        {
            Id = row.Id(0), ProjectId = row.Id(1), MembershipId = row.Id(2), Name = row.Text(3), Prefix = row.Text(4), Hash = row.Text(5), PreviousHash = row.TextIn(6),
            PreviousUntil = row.Instant(7), Endpoints = (KeyEndpoints)row.Number(8), Models = row.TextIn(9), ExpiresAt = row.Instant(10), LastUsedAt = row.Instant(11),
            RevokedAt = row.Instant(12),
        },
        row.Id(13), (MemberRole)row.Number(14), row.Text(15), row.Text(16), row.Id(17), (AccountKind)row.Number(18), row.Text(19), row.Text(20));

    // A key carries its member's seat, never the person's staff role.
    private static Caller CallerOf(Found found, string? hash) => new(
        found.PersonId, found.Email, found.DisplayName, found.AccountId, found.Kind, found.AccountName, found.TimeZone, found.Key.MembershipId, found.Role,
        found.Key.ProjectId, found.Key.Id, false, false)
    {
        KeyRights = new KeyRights(found.Key.Endpoints, ModelsOf(found.Key), hash),
    };

    private sealed record Seen(Found Found, long At);

    private sealed record Found(
        ApiKey Key, Guid PersonId, MemberRole Role, string Email, string DisplayName, Guid AccountId, AccountKind Kind, string AccountName, string TimeZone);
}
