using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Billing;

internal static class BillingMapping
{
    // Double quotes are standard SQL; SQL Server takes them too, QUOTED_IDENTIFIER being on for every connection.
    private const string FloorKept = "\"Floor\" IS NULL OR \"Balance\" - \"Held\" >= \"Floor\"";

    public static void Map(ModelBuilder builder)
    {
        MapLedger(builder);
        builder.Entity<Subscription>(e =>
        {
            e.HasIndex(s => s.AccountId).IsUnique().HasFilter("\"Status\" <> 2");
            e.HasIndex(s => s.PeriodEnd).HasFilter("\"Status\" <> 2");

            // A trial is given once an account and once a person, whoever asks at the same moment.
            e.Property(s => s.TrialPlan).HasMaxLength(80);
            e.HasIndex(s => new { s.AccountId, s.TrialPlan }).IsUnique().HasFilter("\"TrialPlan\" IS NOT NULL");
            e.HasIndex(s => new { s.TrialPersonId, s.TrialPlan }).IsUnique().HasFilter("\"TrialPlan\" IS NOT NULL");
            e.Property(s => s.DeclineCode).HasMaxLength(80);
            e.Property(s => s.Version).IsConcurrencyToken();
            e.HasOne(s => s.Plan).WithMany().HasForeignKey(s => s.PlanId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<SubscriptionPeriod>(e =>
        {
            e.HasKey(p => new { p.SubscriptionId, p.Start });
            e.Ignore(p => p.WorthNanos);
        });
        builder.Entity<PostpaidStatement>(e =>
        {
            e.HasKey(s => new { s.AccountId, s.Month });
            e.Property(s => s.Month).HasMaxLength(7);
            e.HasIndex(s => s.PaidAt);
            e.HasOne(s => s.Invoice).WithMany().HasForeignKey(s => s.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ComputePool>(e =>
        {
            e.Property(p => p.Name).HasMaxLength(80);
            e.HasIndex(p => new { p.State, p.PeriodEnd });
            e.HasMany(p => p.Members).WithOne().HasForeignKey(m => m.PoolId);
        });
        builder.Entity<ComputePoolMember>(e =>
        {
            e.HasKey(m => new { m.PoolId, m.AccountId });
            e.HasIndex(m => m.AccountId);
            e.Property(m => m.SharePercent).HasPrecision(5, 2);
        });
        builder.Entity<ComputePoolPeriod>(e => e.HasKey(p => new { p.PoolId, p.Start }));
        builder.Entity<PointsEntry>(e =>
        {
            e.HasIndex(p => new { p.AccountId, p.Task, p.Window }).IsUnique();
            e.Property(p => p.Task).HasMaxLength(40);
            e.Property(p => p.Window).HasMaxLength(40);
            e.HasIndex(p => new { p.AccountId, p.At });
        });
        builder.Entity<Invoice>(e =>
        {
            e.HasIndex(i => new { i.Kind, i.Year, i.Sequence }).IsUnique();
            e.HasIndex(i => i.Number).IsUnique();
            e.HasIndex(i => new { i.Kind, i.Reference }).IsUnique().HasFilter("\"Status\" <> 2");
            e.HasIndex(i => i.AccountId, "IX_Invoices_Open").HasFilter("\"Status\" = 1");
            e.HasIndex(i => new { i.AccountId, i.IssuedAt });
            e.Property(i => i.TaxPercent).HasPrecision(5, 2);
            e.HasIndex(i => i.CreditsId);
            e.HasMany(i => i.Lines).WithOne().HasForeignKey(l => l.InvoiceId);
        });
        builder.Entity<InvoiceLine>(e => e.HasIndex(l => l.CreditsId));
    }

    private static void MapLedger(ModelBuilder builder)
    {
        builder.Entity<LedgerAccount>(e =>
        {
            e.HasIndex(a => new { a.WalletId, a.Code, a.Unit, a.Key }).IsUnique();
            e.Property(a => a.Code).HasMaxLength(40);
            e.Property(a => a.Key).HasMaxLength(80);
            e.HasIndex(a => a.ExpiresAt);

            // The last line of defence: whatever the program does, the engine refuses an overdraft.
            e.ToTable(t => t.HasCheckConstraint("CK_LedgerAccounts_Floor", FloorKept));
        });
        builder.Entity<Transfer>(e =>
        {
            e.Property(t => t.Code).HasMaxLength(40);
            e.Property(t => t.Reference).HasMaxLength(80);

            // A source is held once and resolved once: the engine itself refuses a second time. Those of a prompt are held in the hold's own row, whose
            // state is set once, and need no index that every charge would have to write.
            e.HasIndex(t => new { t.HoldId, t.Part }, "IX_Transfers_Held").IsUnique().HasFilter("\"Kind\" = 1");
            e.HasIndex(t => new { t.HoldId, t.Part }, "IX_Transfers_Resolved").IsUnique().HasFilter($"\"Kind\" > 1 AND \"Code\" <> '{TransferCodes.Prompt}'");

            // A charge is found by its hold; the history of a wallet is everything else. An index over all would cost every charge a page.
            e.HasIndex(t => new { t.WalletId, t.At }).HasFilter($"\"Code\" <> '{TransferCodes.Prompt}'");
            e.Ignore(t => t.Debit);
            e.Ignore(t => t.Credit);
        });
        builder.Entity<Hold>(e =>
        {
            e.Property(h => h.Quote).Metadata.SetMaxLength(-1);
            e.Property(h => h.Sources).Metadata.SetMaxLength(-1);
            e.HasIndex(h => new { h.WalletId, h.ExpiresAt }).HasFilter("\"State\" = 0");
        });
        builder.Entity<StoredTerms>(e =>
        {
            e.HasKey(t => t.Key);
            e.Property(t => t.Key).HasMaxLength(32);
            e.Property(t => t.Json).Metadata.SetMaxLength(-1);
        });
        builder.Entity<Cap>(e => e.HasKey(c => new { c.WalletId, c.SubjectId, c.Meter, c.Window }));
        builder.Entity<LedgerCommit>(e => e.HasIndex(c => c.At));
        builder.Entity<Counter>(e =>
        {
            e.HasKey(c => new { c.WalletId, c.Key });
            e.Property(c => c.Key).HasMaxLength(120);
        });
        builder.Entity<IdempotencyRecord>(e =>
        {
            e.HasKey(r => new { r.WalletId, r.Key });
            e.Property(r => r.Key).HasMaxLength(120);
            e.Property(r => r.Outcome).Metadata.SetMaxLength(-1);
            e.HasIndex(r => r.CreatedAt);
        });
    }
}
