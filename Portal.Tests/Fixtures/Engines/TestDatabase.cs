using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.Tests.Fixtures.Engines;

/// <summary>A database of a test's own: migrated, empty, gone afterwards.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string name;

    private TestDatabase(string name, DatabaseProvider provider, string connectionString)
    {
        this.name = name;
        Factory = new PortalDbFactory(provider, connectionString);
    }

    /// <summary>Opens contexts on it, as the portal does.</summary>
    public PortalDbFactory Factory { get; }

    public DatabaseProvider Provider => Factory.Provider;

    public string ConnectionString => Factory.ConnectionString;

    /// <summary>The configuration that points a portal at it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Database:Provider"] = $"{Provider}",
        ["Database:ConnectionString"] = ConnectionString,
    };

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var name = $"portal_{Guid.NewGuid():N}";
        if (provider == DatabaseProvider.PostgreSql)
            return new TestDatabase(name, provider, await DatabaseTemplates.CopyPostgreSqlAsync(name));

        var file = Path.Combine(TestRun.Folder, $"{name}.db");
        await DatabaseTemplates.CopySqliteAsync(file);
        return new TestDatabase(name, provider, $"Data Source={file}");
    }

    public PortalDb Open() => Factory.CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        if (Provider == DatabaseProvider.PostgreSql)
        {
            await using (var connection = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(connection);
            await (await TestRun.Postgres).ExecuteAsync($"drop database {name} with (force)");
            return;
        }
        await using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        foreach (var file in Directory.GetFiles(TestRun.Folder, $"{name}.db*")) File.Delete(file);
    }
}
