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
            e.HasIndex(a => a.At);
            e.HasIndex(a => a.Sequence).IsUnique();

            // What is not sealed yet, oldest first. The unique one does not lead there on SQL Server, which leaves its nulls out.
            e.HasIndex(a => a.Id, "IX_AuditEntries_Unsealed").HasFilter("\"Sequence\" IS NULL");
            e.Property(a => a.Subject).HasMaxLength(AuditEntry.SubjectLengthMax);
            e.Property(a => a.Detail).HasMaxLength(AuditEntry.DetailLengthMax);
            e.Property(a => a.Before).HasMaxLength(AuditEntry.TextLengthMax);
            e.Property(a => a.After).HasMaxLength(AuditEntry.TextLengthMax);
            e.Property(a => a.Reason).HasMaxLength(AuditEntry.TextLengthMax);
            e.Property(a => a.Hash).HasMaxLength(64);
        });
        builder.Entity<AuditHead>(e =>
        {
            e.Property(h => h.Id).ValueGeneratedNever();
            e.Property(h => h.Hash).HasMaxLength(64);
            e.HasData(new AuditHead { Id = AuditHead.Key, Hash = AuditChain.Start });
        });
        builder.Entity<PermissionReport>(e =>
        {
            e.HasIndex(r => r.Month).IsUnique();
            e.Property(r => r.Body).Metadata.SetMaxLength(-1);
            e.Property(r => r.AuditHash).HasMaxLength(64);
        });
        builder.Entity<CannedAnswer>(e =>
        {
            e.Property(a => a.Name).HasMaxLength(CannedAnswer.NameLengthMax);
            e.Property(a => a.TextEn).HasMaxLength(CannedAnswer.TextLengthMax);
            e.Property(a => a.TextZh).HasMaxLength(CannedAnswer.TextLengthMax);
        });
        builder.Entity<AdjustmentMonth>(e => e.HasKey(m => new { m.PersonId, m.Month }));
        builder.Entity<Ticket>(e =>
        {
            e.HasIndex(t => t.AccountId);
            e.HasIndex(t => new { t.Closed, t.DueAt });
            e.HasMany(t => t.Messages).WithOne().HasForeignKey(m => m.TicketId);
        });
        builder.Entity<TicketMessage>(e => e.Property(m => m.Text).HasMaxLength(4000));
        builder.Entity<OutboxMail>(e =>
        {
            e.HasIndex(m => m.DedupKey).IsUnique();
            e.HasIndex(m => new { m.SentAt, m.NextAttemptAt });
            e.HasIndex(m => new { m.To, m.CreatedAt });
            e.Property(m => m.Subject).HasMaxLength(OutboxMail.SubjectLengthMax);
            e.Property(m => m.Html).Metadata.SetMaxLength(-1);
        });
    }
}
