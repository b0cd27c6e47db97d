using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;

namespace Portal.Tests.Fixtures.Engines;

public sealed class TestDatabaseTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Each_database_is_migrated_empty_and_nobody_elses(DatabaseProvider provider)
    {
        await using var one = await TestDatabase.CreateAsync(provider);
        await using var other = await TestDatabase.CreateAsync(provider);
        await using (var db = one.Open())
        {
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
            db.Roles.Add(new() { Id = Guid.CreateVersion7(), Name = "somebody" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var untouched = other.Open();
        Assert.False(await untouched.Roles.AnyAsync(TestContext.Current.CancellationToken));
        Assert.Equal(provider == DatabaseProvider.Sqlite, untouched.Database.IsSqlite());
    }
}
