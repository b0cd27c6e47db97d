using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Data;

public sealed class PostgreSqlPortalDb(DbContextOptions<PostgreSqlPortalDb> options) : PortalDb(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // Every charge rewrites these rows: with room on its page the new version needs no new index entries.
        builder.Entity<Wallet>().HasStorageParameter("fillfactor", 50);
        builder.Entity<LedgerAccount>().HasStorageParameter("fillfactor", 50);
        builder.Entity<Counter>().HasStorageParameter("fillfactor", 50);
        builder.Entity<UsageHour>().HasStorageParameter("fillfactor", 50);
    }
}
