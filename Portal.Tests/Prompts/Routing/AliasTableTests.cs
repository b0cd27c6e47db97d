using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Routing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Routing;

public sealed class AliasTableTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_after_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var db = database.Open())
        {
            db.ModelAliases.Add(new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Tokens, Name = "flagship", Model = "old" });
            await db.SaveChangesAsync(Never);
        }

        var reads = new SlowReads(database.ConnectionString);
        var table = new AliasTable(reads, new FakeTime());
        reads.BeforeAnswer = async () =>
        {
            await using var db = database.Open();
            await db.ModelAliases.ExecuteUpdateAsync(set => set.SetProperty(a => a.Model, "new"), Never);
            table.Forget();
        };

        Assert.Equal("old", Assert.Single(await table.Read(Never)).Model);
        Assert.Equal("new", Assert.Single(await table.Read(Never)).Model);
    }

    /// <summary>A SQLite database that lets something happen between a question and its answer, once.</summary>
    private sealed class SlowReads(string connectionString) : DbCommandInterceptor, IDbContextFactory<PortalDb>
    {
        public Func<Task>? BeforeAnswer { get; set; }

        public PortalDb CreateDbContext() => new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString).AddInterceptors(this).Options);

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            var happens = BeforeAnswer;
            BeforeAnswer = null;
            await (happens?.Invoke() ?? Task.CompletedTask);
            return result;
        }
    }
}
