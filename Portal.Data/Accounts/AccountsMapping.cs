using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Accounts;

internal static class AccountsMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Membership>(e =>
        {
            e.HasIndex(m => new { m.AccountId, m.PersonId }).IsUnique();
            e.HasIndex(m => m.PersonId);
            e.HasOne(m => m.Account).WithMany(a => a.Members).HasForeignKey(m => m.AccountId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne(m => m.Person).WithMany().HasForeignKey(m => m.PersonId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Project>(e => e.HasIndex(p => p.AccountId));
        builder.Entity<ApiKey>(e =>
        {
            e.HasIndex(k => k.Hash).IsUnique();
            e.HasIndex(k => k.AccountId);
        });
        builder.Entity<DataProtectionKey>(e => e.Property(k => k.Xml).Metadata.SetMaxLength(-1));
    }
}
