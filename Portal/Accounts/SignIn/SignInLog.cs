using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.SignIn;

/// <summary>Remembers for a while who signed in, or failed to, and from where: for the person who asks whether that was them.</summary>
public sealed class SignInLog(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>How long a sign-in is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <param name="from">The other end of the connection; null when unknown.</param>
    public async Task Add(Guid personId, SignInOutcome outcome, IPAddress? from, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        db.SignIns.Add(new SignInRecord
        {
            PersonId = personId, At = clock.GetUtcNow(), Outcome = outcome, Address = (from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from)?.ToString(),
        });
        await db.SaveChangesAsync(cancel);
    }

    /// <returns>How many were old enough to be forgotten.</returns>
    public async Task<int> Prune(CancellationToken cancel = default)
    {
        var until = clock.GetUtcNow() - Kept;
        await using var db = databases.CreateDbContext();
        return await db.SignIns.Where(s => s.At < until).ExecuteDeleteAsync(cancel);
    }
}
