using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Usage;

internal static class UsageMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<UsageRecord>(e =>
        {
            e.Property(u => u.Model).HasMaxLength(80);
            e.Property(u => u.Receipt).Metadata.SetMaxLength(-1);
            e.HasIndex(u => new { u.AccountId, u.At });
        });
        builder.Entity<UsageReturn>(e =>
        {
            e.Property(r => r.Id).ValueGeneratedNever();
            e.Property(r => r.Reason).HasMaxLength(UsageReturn.ReasonLengthMax);
        });
        builder.Entity<UsageHour>(e =>
        {
            e.HasKey(h => new { h.AccountId, h.Hour, h.MembershipId, h.Model });
            e.Property(h => h.Model).HasMaxLength(80);
        });
        builder.Entity<AlertRule>(e => e.HasIndex(r => r.AccountId));
        builder.Entity<AlertEvent>(e =>
        {
            e.HasIndex(a => new { a.RuleId, a.Window }).IsUnique();
            e.HasIndex(a => new { a.AccountId, a.At });
        });
    }
}
