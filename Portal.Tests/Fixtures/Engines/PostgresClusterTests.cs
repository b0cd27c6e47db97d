using Npgsql;

namespace Portal.Tests.Fixtures.Engines;

public sealed class PostgresClusterTests
{
    [Fact]
    public async Task A_server_starts_answers_and_leaves_nothing_behind()
    {
        string folder;
        await using (var cluster = await PostgresCluster.StartAsync())
        {
            folder = await AskAsync(cluster, "show data_directory");
            Assert.StartsWith("PostgreSQL ", await AskAsync(cluster, "select version()"), StringComparison.Ordinal);
            Assert.Equal("on", await AskAsync(cluster, "show fsync"));
            Assert.Equal("on", await AskAsync(cluster, "show synchronous_commit"));
        }
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    private static async Task<string> AskAsync(PostgresCluster cluster, string question)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString("postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(question, connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
