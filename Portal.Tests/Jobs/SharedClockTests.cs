using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Jobs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Jobs;

public sealed class SharedClockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_whose_clock_is_ahead_of_the_databases_ends_and_charges_nothing_that_is_due()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Run("expire", database, TimeSpan.FromMinutes(10)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Run("renew-subscriptions", database, TimeSpan.FromDays(31)));
        Assert.Equal("done", await Run("expire", database, TimeSpan.Zero));
        Assert.Equal("done", await Run("expire", database, TimeSpan.FromDays(-31)));
        Assert.Equal("done", await Run("send-mail", database, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task The_nodes_of_a_file_share_its_machines_clock()
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal("done", await Run("expire", database, TimeSpan.FromDays(31)));
    }

    private static async Task<string?> Run(string job, TestDatabase database, TimeSpan ahead)
    {
        await using var services = new ServiceCollection().AddSingleton(new SharedClock(database.Factory, new SetClock(ahead))).BuildServiceProvider();
        return await ScheduledJob.Run(Schedule.Find(job)! with { Run = (_, _) => Task.FromResult<string?>("done") }, services, Cancel);
    }

    private sealed class SetClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
