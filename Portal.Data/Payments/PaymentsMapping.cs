using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Payments;

internal static class PaymentsMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Payment>(e =>
        {
            e.HasIndex(p => new { p.AccountId, p.FormKey }).IsUnique();
            e.HasIndex(p => p.SessionId).IsUnique();
            e.HasIndex(p => p.PaymentIntentId).IsUnique();
            e.HasIndex(p => new { p.AccountId, p.CreatedAt });
            e.HasIndex(p => new { p.Status, p.CreatedAt });
            e.HasIndex(p => p.Untold);
            e.Property(p => p.CheckoutUrl).HasMaxLength(2000);
            e.HasMany(p => p.Refunds).WithOne().HasForeignKey(r => r.PaymentId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Refund>(e =>
        {
            e.HasIndex(r => new { r.AccountId, r.CreatedAt });
            e.HasIndex(r => r.GatewayId);
            e.HasIndex(r => r.InvoiceId);
            e.HasIndex(r => new { r.Status, r.LapsesAt });
            e.Property(r => r.Reason).HasMaxLength(1000);
        });
        builder.Entity<Dispute>(e =>
        {
            e.HasIndex(d => d.PaymentId);
            e.HasIndex(d => new { d.AccountId, d.OpenedAt });
            e.HasIndex(d => new { d.Status, d.DueAt });
            e.Property(d => d.Evidence).HasMaxLength(Dispute.EvidenceLengthMax);
            e.HasOne<Payment>().WithMany().HasForeignKey(d => d.PaymentId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<GatewayCustomer>(e =>
        {
            e.HasKey(c => c.AccountId);
            e.HasIndex(c => c.CustomerId).IsUnique();
            e.HasMany(c => c.Cards).WithOne().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<SavedCard>(e => e.HasIndex(c => c.MethodId).IsUnique());
        builder.Entity<AutoTopUpRule>(e => e.HasKey(r => r.AccountId));
        builder.Entity<WebhookEvent>(e =>
        {
            e.Property(w => w.Body).Metadata.SetMaxLength(-1);
            e.Property(w => w.Error).HasMaxLength(WebhookEvent.ErrorLengthMax);
            e.HasIndex(w => w.ProcessedAt);
        });
        builder.Entity<GatewayComparison>(e =>
        {
            e.HasIndex(c => c.At);
            e.HasMany(c => c.Differences).WithOne().HasForeignKey(d => d.ComparisonId);
        });
        builder.Entity<GatewayDifference>().ToTable("GatewayDifferences");
        builder.Entity<SandboxObject>(e =>
        {
            e.Property(o => o.Json).Metadata.SetMaxLength(-1);
            e.Property(o => o.Version).IsConcurrencyToken();
            e.HasIndex(o => new { o.Type, o.Sequence });
            e.HasIndex(o => o.DueAt);
        });
    }
}
