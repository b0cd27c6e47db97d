using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Prompts.Api.Signals;

/// <summary>What <see cref="AbuseWatch"/> has flagged, for staff.</summary>
public sealed class SignalDesk(IDbContextFactory<PortalDb> databases, AbuseWatch watch, TimeProvider clock)
{
    /// <summary>The latest first.</summary>
    public async Task<Outcome<IReadOnlyList<FlaggedSubject>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        var signals = watch.Flagged;
        if (signals.Count == 0)
        {
            return Array.Empty<FlaggedSubject>();
        }

        var (keys, accounts) = (signals.Select(KeyOf).OfType<Guid>().ToList(), signals.Select(s => s.AccountId).ToList());
        await using var db = databases.CreateDbContext();
        var prefixes = await db.ApiKeys.AsNoTracking().Where(k => keys.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => k.Prefix, cancel);
        var names = await db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, cancel);
        return signals.Select(signal => new FlaggedSubject(
            signal, KeyOf(signal) is { } key && prefixes.TryGetValue(key, out var prefix) ? $"{prefix}…" : signal.Subject,
            names.GetValueOrDefault(signal.AccountId, ""))).ToList();
    }

    /// <summary>Lets the subject send as fast as everybody again. What it does from now on counts from nothing.</summary>
    public async Task<Outcome<Done>> Clear(Caller caller, AbuseSignal signal, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        if (watch.Clear(signal.Rule, signal.Subject))
        {
            await using var db = databases.CreateDbContext();
            db.AuditEntries.Add(new AuditEntry
            {
                At = clock.GetUtcNow(), PersonId = caller.PersonId, AccountId = signal.AccountId, Action = "signal.cleared", Subject = signal.Subject, Detail = signal.Rule.Name,
            });
            await db.SaveChangesAsync(cancel);
        }

        return default(Done);
    }

    private static Guid? KeyOf(AbuseSignal signal) => Guid.TryParse(signal.Subject, out var key) ? key : null;
}
