using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Data.Billing;

namespace Portal.Data;

/// <summary>SQLite has no type for a GUID: they are stored as their 16 bytes, in the order in which they are written, so that they sort by time.</summary>
public sealed class SqlitePortalDb(DbContextOptions<SqlitePortalDb> options) : PortalDb(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Guid>().HaveConversion<BytesConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // SQLite numbers rows by itself. No transfer is ever deleted, so no number can come again: that it wrote down the last one would cost every charge a row.
        builder.Entity<Transfer>().Property(t => t.Id).ValueGeneratedNever();
    }

    private sealed class BytesConverter() : ValueConverter<Guid, byte[]>(id => id.ToByteArray(true), bytes => new Guid(bytes, true));
}
