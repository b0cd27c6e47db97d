using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

public sealed class PostgreSqlPortalDb(DbContextOptions<PostgreSqlPortalDb> options) : PortalDb(options);
