using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Routing;

/// <summary>The aliases as this node knows them: a change on another node counts here within two seconds, one of this node at once.</summary>
public sealed class AliasTable(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    private Reading last = new(null, 0);

    /// <summary>By name; those of text before those of pictures.</summary>
    public async Task<IReadOnlyList<ModelAlias>> Read(CancellationToken cancel = default)
    {
        var known = Volatile.Read(ref last);
        if (known.Rows is { } fresh && clock.GetElapsedTime(known.At) < FreshFor)
        {
            return fresh;
        }

        // Before the question: what changes while it is answered is asked for again in time.
        var at = clock.GetTimestamp();
        await using var db = databases.CreateDbContext();
        var rows = await db.ModelAliases.AsNoTracking().OrderBy(a => a.Unit).ThenBy(a => a.Name).ToListAsync(cancel);

        // Not when all was forgotten meanwhile: these rows may be older than that.
        Interlocked.CompareExchange(ref last, new Reading(rows, at), known);
        return rows;
    }

    /// <summary>The next reader asks the database.</summary>
    public void Forget() => Volatile.Write(ref last, new Reading(null, 0));

    private sealed record Reading(IReadOnlyList<ModelAlias>? Rows, long At);
}
