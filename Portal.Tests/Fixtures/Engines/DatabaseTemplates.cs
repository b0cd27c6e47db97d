using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.Tests.Fixtures.Engines;

/// <summary>One empty, migrated database an engine, made when first asked for. Copying it is far quicker than migrating again.</summary>
internal static class DatabaseTemplates
{
    private const string PostgresTemplate = "portal_template";

    private static readonly Lazy<Task<string>> Sqlite = new(MakeSqliteAsync);
    private static readonly Lazy<Task<PostgresCluster>> PostgreSql = new(MakePostgreSqlAsync);

    /// <summary>Copies the template of SQLite to a file.</summary>
    public static async Task CopySqliteAsync(string file) => File.Copy(await Sqlite.Value, file);

    /// <summary>Creates a database of this name on the run's PostgreSQL and returns its connection string.</summary>
    public static async Task<string> CopyPostgreSqlAsync(string name)
    {
        var cluster = await PostgreSql.Value;
        await cluster.ExecuteAsync($"create database {name} template {PostgresTemplate}");
        return cluster.ConnectionString(name);
    }

    private static async Task<string> MakeSqliteAsync()
    {
        var file = Path.Combine(TestRun.Folder, "template.db");
        var connectionString = $"Data Source={file}";
        await MigrateAsync(new PortalDbFactory(DatabaseProvider.Sqlite, connectionString));
        // The last connection to close moves the write-ahead log into the file, which is then whole.
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        return file;
    }

    private static async Task<PostgresCluster> MakePostgreSqlAsync()
    {
        var cluster = await TestRun.Postgres;
        await cluster.ExecuteAsync($"create database {PostgresTemplate}");
        // A template with an open connection cannot be copied.
        await MigrateAsync(new PortalDbFactory(DatabaseProvider.PostgreSql, cluster.ConnectionString(PostgresTemplate) + ";Pooling=false"));
        return cluster;
    }

    private static async Task MigrateAsync(PortalDbFactory factory)
    {
        await using var db = factory.CreateDbContext();
        await db.Database.MigrateAsync();
    }
}
