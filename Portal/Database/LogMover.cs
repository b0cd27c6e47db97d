using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Database;

/// <summary>
/// Moves SQLite's write-ahead log into the file beside the writers, a little at a time, so that no charge waits for it. What is left when the log
/// has grown to its limit is moved by the writer itself, and is little.
/// </summary>
public sealed class LogMover(PortalDbFactory databases, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (databases.Provider != DatabaseProvider.Sqlite)
        {
            return;
        }

        await using var db = databases.CreateDbContext();
        for (var (before, moved) = (0L, 0L); ; before = moved)
        {
            moved = await Move(db, stoppingToken);
            await Task.Delay(moved == before ? Idle : Busy, clock, stoppingToken);
        }
    }

    /// <returns>Pages of the log that are in the file; as many as before when nothing was written since, or could be moved.</returns>
    private static async Task<long> Move(PortalDb db, CancellationToken cancel)
    {
        try
        {
            var connection = db.Database.GetDbConnection();
            if (connection.State != ConnectionState.Open)
            {
                await db.Database.OpenConnectionAsync(cancel);
            }

            await using var move = connection.CreateCommand();
            move.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            await using var reader = await move.ExecuteReaderAsync(cancel);
            return await reader.ReadAsync(cancel) ? reader.GetInt64(2) : 0;
        }
        catch (DbException)
        {
            // The disk is full, or another is moving the log: it stays where it is, and is read from there.
            return 0;
        }
    }
}
