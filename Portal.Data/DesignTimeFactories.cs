using Microsoft.EntityFrameworkCore.Design;

namespace Portal.Data;

// `dotnet ef` finds these; the connection strings are never opened to add a migration.
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqlitePortalDb>
{
    public SqlitePortalDb CreateDbContext(string[] args) => (SqlitePortalDb)new PortalDbFactory(DatabaseProvider.Sqlite, "Data Source=design.db").CreateDbContext();
}

internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerPortalDb>
{
    public SqlServerPortalDb CreateDbContext(string[] args) => (SqlServerPortalDb)new PortalDbFactory(DatabaseProvider.SqlServer, "Server=design").CreateDbContext();
}

internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlPortalDb>
{
    public PostgreSqlPortalDb CreateDbContext(string[] args) => (PostgreSqlPortalDb)new PortalDbFactory(DatabaseProvider.PostgreSql, "Host=design").CreateDbContext();
}
