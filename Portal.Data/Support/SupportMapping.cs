using Microsoft.EntityFrameworkCore;
using Portal.Data.Jobs;

namespace Portal.Data.Support;

internal static class SupportMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<AuditEntry>(e =>
        {
            e.HasIndex(a => new { a.AccountId, a.At });
            e.HasIndex(a => new { a.PersonId, a.At });
            e.Property(a => a.Detail).HasMaxLength(2000);
        });
        builder.Entity<AdjustmentMonth>(e => e.HasKey(m => new { m.PersonId, m.Month }));
        builder.Entity<Ticket>(e =>
        {
            e.HasIndex(t => t.AccountId);
            e.HasMany(t => t.Messages).WithOne().HasForeignKey(m => m.TicketId);
        });
        builder.Entity<TicketMessage>(e => e.Property(m => m.Text).HasMaxLength(4000));
        builder.Entity<OutboxMail>(e =>
        {
            e.HasIndex(m => m.DedupKey).IsUnique();
            e.HasIndex(m => new { m.SentAt, m.NextAttemptAt });
            e.HasIndex(m => new { m.To, m.CreatedAt });
            e.Property(m => m.Html).Metadata.SetMaxLength(-1);
        });
    }
}
