using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Jobs;

/// <summary>Compares this node's time of day with the database server's, the one clock that all nodes have in common.</summary>
public sealed class SharedClock(PortalDbFactory databases, TimeProvider clock)
{
    /// <summary>What a prompt has between its end and its hold's: a node that is further ahead would end the holds of prompts that run on others.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(1);

    private readonly string? question = databases.Provider switch
    {
        DatabaseProvider.PostgreSql => """SELECT now() AS "Value" """,
        DatabaseProvider.SqlServer => """SELECT SYSDATETIMEOFFSET() AS "Value" """,

        // The nodes of a file are on its own machine.
        _ => null,
    };

    /// <returns>How far this node is ahead, as far as it matters; null: not.</returns>
    public async Task<TimeSpan?> Ahead(CancellationToken cancel = default)
    {
        if (question is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var ahead = now - await db.Database.SqlQueryRaw<DateTimeOffset>(question).SingleAsync(cancel);
        return ahead > AheadMax ? ahead : null;
    }
}
