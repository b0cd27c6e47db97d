using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Accounts;

internal static class AccountsMapping
{
    private const int IdentityKeyLengthMax = 128;

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
            e.HasIndex(k => k.PreviousHash);
            e.Property(k => k.Models).HasMaxLength(ApiKey.ModelsLengthMax);
            e.HasIndex(k => k.AccountId);
        });
        builder.Entity<SignInRecord>(e =>
        {
            e.HasIndex(s => new { s.PersonId, s.At });
            e.HasIndex(s => s.At);
            e.Property(s => s.Address).HasMaxLength(45);
        });
        builder.Entity<DataProtectionKey>(e => e.Property(k => k.Xml).Metadata.SetMaxLength(-1));
        builder.Entity<StoredSecret>(e =>
        {
            e.HasKey(s => s.Name);
            e.Property(s => s.Name).HasMaxLength(40);
            e.Property(s => s.Value).HasMaxLength(64);
        });

        builder.Entity<TrialClaim>(e =>
        {
            e.HasKey(c => c.PersonId);
            e.Property(c => c.MailboxKey).HasMaxLength(64);
            e.Property(c => c.DeviceKey).HasMaxLength(64);
            e.Property(c => c.NetworkKey).HasMaxLength(64);
            e.Property(c => c.Reason).HasMaxLength(20);

            // Whatever the program does, a mailbox gets trial credit once.
            e.HasIndex(c => c.MailboxKey).IsUnique().HasFilter("\"GrantedNanos\" > 0");
            e.HasIndex(c => c.DeviceKey);
            e.HasIndex(c => new { c.NetworkKey, c.DecidedAt });
            e.HasIndex(c => c.DecidedAt);
        });

        // SQL Server takes 900 bytes in a primary key, and an index entry beyond it fails on insert.
        builder.Entity<IdentityUserLogin<Guid>>(e =>
        {
            e.Property(l => l.LoginProvider).HasMaxLength(IdentityKeyLengthMax);
            e.Property(l => l.ProviderKey).HasMaxLength(IdentityKeyLengthMax);
        });
        builder.Entity<IdentityUserToken<Guid>>(e =>
        {
            e.Property(t => t.LoginProvider).HasMaxLength(IdentityKeyLengthMax);
            e.Property(t => t.Name).HasMaxLength(IdentityKeyLengthMax);
        });
    }
}
