using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Billing.Ledger.Rows;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>What to do when the database fails under the ledger.</summary>
internal static class LedgerFailure
{
    private const int LookUpsMax = 5;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteFull = 13;
    private const int SqliteConstraint = 19;

    /// <summary>Nothing was written; the same command may be sent again at once.</summary>
    public static readonly Refusal Busy = new("ledger.busy");

    /// <summary>Nothing was written; the database cannot write now: the disk is full, the server is down.</summary>
    public static readonly Refusal Unavailable = new("ledger.unavailable");

    /// <summary>Nobody knows whether it was written: the same command, sent again, says so.</summary>
    public static readonly Refusal Unknown = new("ledger.unknown");

    /// <summary>Whether the same command may succeed when it is sent again.</summary>
    public static bool IsTemporary(Refusal refusal) => refusal == Busy || refusal == Unavailable || refusal == Unknown;

    public static bool IsDatabase(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException or IOException or CommitUnknownException || (e is InvalidOperationException && e.InnerException is DbException);

    /// <summary>Whether a commit that failed like this may have taken place: not when the engine says that it had no room or no turn.</summary>
    public static bool LeavesDoubt(Exception e) => IsDatabase(e) && e is not SqliteException { SqliteErrorCode: SqliteFull or SqliteBusy };

    /// <returns>Null when it is the command's rows that the database refused: a bug, which concerns no other command.</returns>
    public static Refusal? Of(Exception e) => e switch
    {
        CommitUnknownException => Unknown,
        DbUpdateException { InnerException: { } inner } => Of(inner),
        InvalidOperationException { InnerException: DbException inner } => Of(inner),
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked } => Busy,
        SqliteException { SqliteErrorCode: SqliteConstraint } => null,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable } => Busy,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => null,
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => Busy,
        _ => IsDatabase(e) ? Unavailable : null,
    };

    /// <summary>
    /// Whether a commit took place whose answer was lost. Writes its marker: where that is refused, the commit had written it; where it is taken,
    /// the commit has not happened and, its marker being taken, never can. The answer to that may be lost as well: then the marker that is found may be
    /// the look-up's own, which is told from the commit's by its time.
    /// </summary>
    /// <exception cref="CommitUnknownException">The database could not be asked either.</exception>
    public static async Task<bool> TookPlace(IDbContextFactory<PortalDb> databases, Guid commit, DateTimeOffset now, Exception cause)
    {
        var (its, ours) = (LedgerTables.Micros(now), LedgerTables.Micros(now) + 1);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = databases.CreateDbContext();
                await using var transaction = await db.Database.BeginTransactionAsync();
                using var writer = RowWriter.For(db.Database.GetDbConnection());
                if (await writer.Mark(commit, ours, transaction.GetDbTransaction()))
                {
                    return LedgerTables.Micros(await db.LedgerCommits.Where(c => c.Id == commit).Select(c => c.At).FirstAsync()) == its;
                }

                await transaction.CommitAsync();
                return false;
            }
            catch (Exception e) when (IsDatabase(e))
            {
                if (attempt == LookUpsMax)
                {
                    throw new CommitUnknownException(cause);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt));
        }
    }
}
