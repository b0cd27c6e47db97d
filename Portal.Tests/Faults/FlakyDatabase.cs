using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Portal.Data;

namespace Portal.Tests.Faults;

/// <summary>A database whose connection is lost around commits, when the test says so. PostgreSQL's server ends the session itself.</summary>
internal sealed class FlakyDatabase(DatabaseProvider provider, string connectionString) : DbTransactionInterceptor, IDbContextFactory<PortalDb>
{
    public FlakyDatabase(string connectionString)
        : this(DatabaseProvider.Sqlite, connectionString)
    {
    }

    /// <summary>This many commits fail before they are done.</summary>
    public int LoseBefore { get; set; }

    /// <summary>This many commits are done and their answer is lost.</summary>
    public int LoseAfter { get; set; }

    /// <summary>No transaction can begin.</summary>
    public bool Away { get; set; }

    /// <summary>Commits wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Commits that were begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Transactions that could not begin so far.</summary>
    public int Denied { get; private set; }

    public PortalDb CreateDbContext() => provider == DatabaseProvider.Sqlite
        ? new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString).AddInterceptors(this).Options)
        : new PostgreSqlPortalDb(new DbContextOptionsBuilder<PostgreSqlPortalDb>().UseNpgsql(connectionString).AddInterceptors(this).Options);

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        Away ? throw Deny() : ValueTask.FromResult(result);

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Begun++;
        await Gate;
        if (LoseBefore > 0)
        {
            LoseBefore--;
            await Lose(eventData.Context!.Database.GetDbConnection(), "the connection was lost before the commit");
        }

        return result;
    }

    public override async Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (LoseAfter > 0)
        {
            LoseAfter--;
            await Lose(eventData.Context!.Database.GetDbConnection(), "the connection was lost after the commit");
            throw new NpgsqlException("the connection was lost after the commit");
        }
    }

    private SqliteException Deny()
    {
        Denied++;
        return new SqliteException("the database is away", 14);
    }

    private async Task Lose(DbConnection connection, string how)
    {
        if (connection is not NpgsqlConnection session) throw new SqliteException(how, 10);
        await using var other = new NpgsqlConnection(connectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var end = new NpgsqlCommand($"SELECT pg_terminate_backend({session.ProcessID}, 10000)", other);
        await end.ExecuteNonQueryAsync();
    }
}
