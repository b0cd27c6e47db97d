using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

public sealed class SqlServerPortalDb(DbContextOptions<SqlServerPortalDb> options) : PortalDb(options);
