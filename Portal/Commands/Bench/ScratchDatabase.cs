using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.Commands.Bench;

/// <summary>A migrated database that a bench fills and throws away.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string? folder;
    private readonly string? server;
    private readonly string database;

    private ScratchDatabase(PortalDbFactory databases, string database, string? folder, string? server)
    {
        Databases = databases;
        this.database = database;
        this.folder = folder;
        this.server = server;
    }

    public PortalDbFactory Databases { get; }

    public string Name => Databases.Provider == DatabaseProvider.Sqlite ? "sqlite" : "postgresql";

    /// <param name="where"><c>sqlite</c>: a file in the temporary folder. Else a connection string of PostgreSQL whose role may create databases.</param>
    public static async Task<ScratchDatabase> Create(string where, CancellationToken cancel)
    {
        var name = $"portal_bench_{Guid.NewGuid():N}";
        ScratchDatabase scratch;
        if (where.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            var folder = Directory.CreateTempSubdirectory("portal-bench").FullName;
            scratch = new ScratchDatabase(new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(folder, name + ".db")}"), name, folder, null);
        }
        else
        {
            await Execute(where, $"CREATE DATABASE {name}", cancel);
            // A server as it comes takes 100 connections, its own and others' included.
            var connection = new NpgsqlConnectionStringBuilder(where) { Database = name, MaxPoolSize = 80 }.ConnectionString;
            scratch = new ScratchDatabase(new PortalDbFactory(DatabaseProvider.PostgreSql, connection), name, null, where);
        }

        await using var db = scratch.Databases.CreateDbContext();
        await db.Database.MigrateAsync(cancel);
        return scratch;
    }

    /// <summary>Transactions per second of pgbench's TPC-B in a database beside this one; null when there is no pgbench or no PostgreSQL.</summary>
    public async Task<decimal?> Pgbench(int clients, TimeSpan span, CancellationToken cancel)
    {
        if (server is null)
        {
            return null;
        }

        var name = database + "_tpcb";
        await Execute(server, $"CREATE DATABASE {name}", cancel);
        try
        {
            // TPC-B updates one of as many branches as the scale: with fewer branches than clients it would measure its own lock.
            var connections = Math.Min(clients, 32);
            await Run(["-i", "-q", "-s", $"{connections}"], name, cancel);
            var text = await Run(["-c", $"{connections}", "-j", "2", "-T", $"{(int)span.TotalSeconds}"], name, cancel);
            var line = text.Split('\n').FirstOrDefault(l => l.StartsWith("tps = ", StringComparison.Ordinal));
            return line is null ? null : decimal.Round(decimal.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            await Execute(server, $"DROP DATABASE {name}", cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (folder is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            NpgsqlConnection.ClearAllPools();
            await Execute(server!, $"DROP DATABASE {database} WITH (FORCE)", CancellationToken.None);
        }
    }

    private async Task<string> Run(string[] arguments, string name, CancellationToken cancel)
    {
        var connection = new NpgsqlConnectionStringBuilder(server);
        var start = new ProcessStartInfo("pgbench", [.. arguments, "-h", connection.Host!, "-p", $"{connection.Port}", "-U", connection.Username!, name])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = connection.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pgbench ended with code {process.ExitCode}: {await errors}");
    }

    private static async Task Execute(string connectionString, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
