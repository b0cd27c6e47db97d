using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Data;

public sealed class MigrationsTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite, "Data Source=nowhere.db")]
    [InlineData(DatabaseProvider.SqlServer, "Server=nowhere")]
    [InlineData(DatabaseProvider.PostgreSql, "Host=nowhere")]
    public void The_model_has_no_change_that_lacks_a_migration(DatabaseProvider provider, string connectionString)
    {
        using var db = new PortalDbFactory(provider, connectionString).CreateDbContext();

        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.False(db.Database.HasPendingModelChanges(), $"Add a migration for {provider}: dotnet ef migrations add NAME --context {db.GetType().Name}");
    }

    [Fact]
    public void Every_engine_has_the_same_migrations()
    {
        string[] Names(DatabaseProvider provider, string connectionString)
        {
            using var db = new PortalDbFactory(provider, connectionString).CreateDbContext();
            return [.. db.Database.GetMigrations().Select(migration => migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..])];
        }

        var sqlite = Names(DatabaseProvider.Sqlite, "Data Source=nowhere.db");
        Assert.Equal(sqlite, Names(DatabaseProvider.SqlServer, "Server=nowhere"));
        Assert.Equal(sqlite, Names(DatabaseProvider.PostgreSql, "Host=nowhere"));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_empty_database_takes_all_migrations_and_every_table_can_be_read(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();

        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(TestContext.Current.CancellationToken));
        foreach (var entity in db.Model.GetEntityTypes().Where(entity => entity.GetTableName() is not null && !entity.IsMappedToJson()))
        {
            var columns = string.Join(", ", entity.GetProperties().Select(property => $"\"{property.GetColumnName()}\""));
            var sql = $"""select count(*) as "Value" from (select {columns} from "{entity.GetTableName()}") t""";
            var seeded = entity.ClrType == typeof(AuditHead) ? 1 : 0;
            Assert.Equal(seeded, await db.Database.SqlQueryRaw<int>(sql).SingleAsync(TestContext.Current.CancellationToken));
        }
    }
}
