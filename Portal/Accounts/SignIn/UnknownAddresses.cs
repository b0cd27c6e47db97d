using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Portal.Accounts.SignIn;

/// <summary>Locks addresses that have no account after as many tries as those that have one, so that a lock tells nothing.</summary>
public sealed class UnknownAddresses(IOptions<IdentityOptions> identity, TimeProvider time)
{
    private const int RememberedMax = 10_000;

    private readonly ConcurrentDictionary<string, Tries> tries = new(StringComparer.Ordinal);

    /// <returns>Whether the address is locked now.</returns>
    public bool Failed(string address)
    {
        var lockout = identity.Value.Lockout;
        var now = time.GetUtcNow();
        if (tries.Count >= RememberedMax) Forget(now);
        var entry = tries.AddOrUpdate(
            address.ToUpperInvariant(),
            _ => new Tries(1, now + lockout.DefaultLockoutTimeSpan),
            (_, before) => before.Locked(lockout) && now < before.Until ? before
                : new Tries(before.Locked(lockout) ? 1 : before.Count + 1, now + lockout.DefaultLockoutTimeSpan));
        return entry.Locked(lockout);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (address, entry) in tries)
        {
            if (entry.Until <= now || tries.Count >= RememberedMax) tries.TryRemove(address, out _);
        }
    }

    private sealed record Tries(int Count, DateTimeOffset Until)
    {
        public bool Locked(LockoutOptions lockout) => Count >= lockout.MaxFailedAccessAttempts;
    }
}
