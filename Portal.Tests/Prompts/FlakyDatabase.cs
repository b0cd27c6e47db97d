using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Data;

namespace Portal.Tests.Prompts;

/// <summary>A SQLite database whose connection is lost around commits, when the test says so.</summary>
internal sealed class FlakyDatabase(string connectionString) : DbTransactionInterceptor, IDbContextFactory<PortalDb>
{
    /// <summary>This many commits fail before they are done.</summary>
    public int LoseBefore { get; set; }

    /// <summary>This many commits are done and their answer is lost.</summary>
    public int LoseAfter { get; set; }

    public PortalDb CreateDbContext() =>
        new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString).AddInterceptors(this).Options);

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (LoseBefore > 0)
        {
            LoseBefore--;
            throw new SqliteException("the connection was lost before the commit", 10);
        }

        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (LoseAfter > 0)
        {
            LoseAfter--;
            throw new SqliteException("the connection was lost after the commit", 10);
        }

        return Task.CompletedTask;
    }
}
