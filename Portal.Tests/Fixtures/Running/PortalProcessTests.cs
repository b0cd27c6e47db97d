namespace Portal.Tests.Fixtures.Running;

public sealed class PortalProcessTests
{
    private readonly string folder = TestRun.NewFolder();

    [Fact]
    public async Task A_portal_that_cannot_reach_its_database_says_so_and_ends()
    {
        await using var database = await TestDatabase.CreateAsync();
        var nobody = $"Host=localhost;Port={PostgresCluster.SparePort()};Username=portal;Database=portal";

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PortalProcess.ServeAsync(database, folder, ("Database:Provider", "PostgreSql"), ("Database:ConnectionString", nobody)));

        Assert.Contains("Failed to connect", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_that_does_not_exist_is_answered_with_those_that_do()
    {
        await using var database = await TestDatabase.CreateAsync();

        var (exitCode, _, errors) = await PortalProcess.RunAsync(["dance"], database, folder);

        Assert.Equal(2, exitCode);
        Assert.Contains("serve", errors, StringComparison.Ordinal);
    }
}
