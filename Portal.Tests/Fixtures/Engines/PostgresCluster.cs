using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Portal.Tests.Fixtures.Engines;

/// <summary>
/// A PostgreSQL server of this test run's own, started when a test first asks for it. A shell owns the server and stops and removes it
/// as soon as its standard input closes, which the kernel does for us even when the tests are killed.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    // Durable as in production (fsync and synchronous_commit stay on). Only what protects a data folder that outlives the server is off.
    private const string Owner = """
        trap '' INT TERM HUP
        cd "$FOLDER" && exec 2>>owner.log
        "$BIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >>owner.log || { echo failed; exit 1; }
        cat >>data/postgresql.conf <<CONF
        listen_addresses = '127.0.0.1'
        port = $PORT
        unix_socket_directories = '$FOLDER'
        max_connections = 400
        shared_buffers = 128MB
        full_page_writes = off
        wal_level = minimal
        max_wal_senders = 0
        checkpoint_timeout = 1h
        timezone = 'UTC'
        CONF
        "$BIN/pg_ctl" -D data -l server.log -w -t 60 start >>owner.log && echo ready || echo failed
        cat >/dev/null
        "$BIN/pg_ctl" -D data -m immediate -w stop >>owner.log
        cd / && rm -rf "$FOLDER"
        """;

    private readonly Process owner;

    private PostgresCluster(Process owner, int port)
    {
        this.owner = owner;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
        IncludeErrorDetail = true,
        MaxPoolSize = 50,
    }.ConnectionString;

    /// <summary>Runs one statement outside any transaction, on the database `postgres`.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("portal-pg").FullName;
        var port = SparePort();
        var info = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? AsPostgres(folder) : new ProcessStartInfo("/bin/sh");
        foreach (var argument in (string[])["-c", Owner]) info.ArgumentList.Add(argument);
        info.Environment["FOLDER"] = folder;
        info.Environment["PORT"] = $"{port}";
        info.Environment["BIN"] = Binaries();
        info.RedirectStandardInput = info.RedirectStandardOutput = true;
        info.WorkingDirectory = folder;
        var owner = Process.Start(info)!;
        if (await owner.StandardOutput.ReadLineAsync() == "ready") return new PostgresCluster(owner, port);

        var log = new StringBuilder();
        foreach (var name in (string[])["owner.log", "server.log"])
            if (File.Exists(Path.Combine(folder, name))) log.AppendLine(await File.ReadAllTextAsync(Path.Combine(folder, name)));
        owner.StandardInput.Close();
        throw new InvalidOperationException($"PostgreSQL did not start in {folder}:\n{log}");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        owner.StandardInput.Close();
        await owner.WaitForExitAsync();
        owner.Dispose();
    }

    /// <summary>A TCP port of 127.0.0.1 that nobody listens on at this moment.</summary>
    public static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server refuses to run as root.
    private static ProcessStartInfo AsPostgres(string folder)
    {
        using (var chown = Process.Start("chown", ["postgres", folder])) chown.WaitForExit();
        var info = new ProcessStartInfo("runuser");
        foreach (var argument in (string[])["-u", "postgres", "--", "/bin/sh"]) info.ArgumentList.Add(argument);
        return info;
    }

    private static string Binaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = installed.OrderByDescending(folder => int.Parse(Path.GetFileName(folder).Split('.')[0], CultureInfo.InvariantCulture)).Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: bash Portal.Tests/run.sh installs it on Debian.");
    }
}
