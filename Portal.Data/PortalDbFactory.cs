using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data;

/// <summary>Opens contexts on one database of one engine.</summary>
public sealed class PortalDbFactory : IDbContextFactory<PortalDb>
{
    private readonly Func<PortalDb> create;

    /// <param name="connectionString">In the engine's own form; of SQLite <c>Data Source=…</c>.</param>
    public PortalDbFactory(DatabaseProvider provider, string connectionString)
    {
        Provider = provider;
        ConnectionString = connectionString;
        create = provider switch
        {
            DatabaseProvider.Sqlite => Creator<SqlitePortalDb>(b => b.UseSqlite(connectionString).AddInterceptors(new SqlitePragmas()), o => new SqlitePortalDb(o)),
            DatabaseProvider.SqlServer => Creator<SqlServerPortalDb>(b => b.UseSqlServer(connectionString), o => new SqlServerPortalDb(o)),
            DatabaseProvider.PostgreSql => Creator<PostgreSqlPortalDb>(b => b.UseNpgsql(connectionString), o => new PostgreSqlPortalDb(o)),
            _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, null),
        };
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    public PortalDb CreateDbContext() => create();

    private static Func<PortalDb> Creator<T>(Action<DbContextOptionsBuilder> use, Func<DbContextOptions<T>, PortalDb> make)
        where T : PortalDb
    {
        var builder = new DbContextOptionsBuilder<T>();
        use(builder);
        builder.ConfigureWarnings(w => w.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
        var options = builder.Options;
        return () => make(options);
    }
}
