using Portal.Data;

namespace Portal.Tests.Fixtures.Running;

public sealed class PortalProcessTests
{
    private readonly string folder = TestRun.NewFolder();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_killed_portal_serves_again_on_the_same_database(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var portal = await PortalProcess.ServeAsync(database, folder)) await portal.KillAsync();

        await using var again = await PortalProcess.ServeAsync(database, folder);

        Assert.Equal(0, await again.StopAsync());
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
