using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Prompts;

internal static class PromptsMapping
{
    public static void Map(ModelBuilder builder)
    {
        MapAliases(builder);
        builder.Entity<StoredFile>(e =>
        {
            e.Property(f => f.Purpose).HasMaxLength(40);
            e.HasIndex(f => new { f.MembershipId, f.CreatedAt });
            e.HasIndex(f => f.AccountId);
            e.HasIndex(f => f.ExpiresAt);
        });
        builder.Entity<FilePart>(e =>
        {
            e.HasKey(p => new { p.FileId, p.Number });
            e.HasOne<StoredFile>().WithMany().HasForeignKey(p => p.FileId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Batch>(e =>
        {
            e.Property(b => b.Endpoint).HasMaxLength(40);
            e.Property(b => b.Metadata).Metadata.SetMaxLength(-1);
            e.Property(b => b.Errors).Metadata.SetMaxLength(-1);
            e.HasIndex(b => new { b.MembershipId, b.CreatedAt });

            // Those that a worker has to do with: the open ones, which are few.
            e.HasIndex(b => b.WorkedAt).HasFilter("\"EndedAt\" IS NULL");
        });
        builder.Entity<BatchLine>(e =>
        {
            e.HasKey(l => new { l.BatchId, l.Number });
            e.Property(l => l.CustomId).HasMaxLength(512);
            e.HasIndex(l => new { l.BatchId, l.State, l.Number });
            e.HasOne<Batch>().WithMany().HasForeignKey(l => l.BatchId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<CachedAnswer>(e =>
        {
            e.HasKey(a => new { a.AccountId, a.Key });
            e.Property(a => a.Key).HasMaxLength(64);
            e.Property(a => a.Text).Metadata.SetMaxLength(-1);
            e.HasIndex(a => new { a.AccountId, a.CreatedAt });
            e.HasIndex(a => a.ExpiresAt);
        });
    }

    private static void MapAliases(ModelBuilder builder)
    {
        builder.Entity<ModelAlias>(e =>
        {
            e.HasIndex(a => new { a.Unit, a.Name }).IsUnique();
            e.Property(a => a.Name).HasMaxLength(40);
            e.Property(a => a.Model).HasMaxLength(80);
            e.Property(a => a.Canary).HasMaxLength(80);
            e.Property(a => a.RolledBackModel).HasMaxLength(80);
            e.Property(a => a.RollbackReason).HasMaxLength(20);
        });
        builder.Entity<AliasFigures>(e =>
        {
            e.HasKey(f => new { f.AliasId, f.Version, f.Canary });
            e.HasOne<ModelAlias>().WithMany().HasForeignKey(f => f.AliasId);
        });
    }
}
