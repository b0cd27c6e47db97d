using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Jobs;
using Portal.Data.Payments;
using Portal.Data.Prompts;
using Portal.Data.Support;
using Portal.Data.Usage;

namespace Portal.Data;

/// <summary>
/// The portal's one database. Instants are stored as microseconds since 1970 in UTC, so that they sort, compare and
/// round alike on all three engines. Only <c>Portal.Billing</c> writes money and quota rows.
/// </summary>
public abstract class PortalDb(DbContextOptions options) : IdentityDbContext<Person, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<Project> Projects => Set<Project>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<StoredSecret> StoredSecrets => Set<StoredSecret>();
    public DbSet<TrialClaim> TrialClaims => Set<TrialClaim>();
    public DbSet<SignInRecord> SignIns => Set<SignInRecord>();

    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<RateCard> RateCards => Set<RateCard>();
    public DbSet<CatalogDraft> CatalogDrafts => Set<CatalogDraft>();
    public DbSet<PlanMove> PlanMoves => Set<PlanMove>();
    public DbSet<Coupon> Coupons => Set<Coupon>();
    public DbSet<CouponRedemption> CouponRedemptions => Set<CouponRedemption>();

    public DbSet<Wallet> Wallets => Set<Wallet>();
    public DbSet<LedgerAccount> LedgerAccounts => Set<LedgerAccount>();
    public DbSet<Transfer> Transfers => Set<Transfer>();
    public DbSet<Hold> Holds => Set<Hold>();
    public DbSet<StoredTerms> StoredTerms => Set<StoredTerms>();
    public DbSet<Counter> Counters => Set<Counter>();
    public DbSet<Cap> Caps => Set<Cap>();
    public DbSet<LedgerCommit> LedgerCommits => Set<LedgerCommit>();
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<SubscriptionPeriod> SubscriptionPeriods => Set<SubscriptionPeriod>();
    public DbSet<Invoice> Invoices => Set<Invoice>();
    public DbSet<PointsEntry> PointsEntries => Set<PointsEntry>();
    public DbSet<PostpaidStatement> PostpaidStatements => Set<PostpaidStatement>();
    public DbSet<ComputePool> ComputePools => Set<ComputePool>();
    public DbSet<ComputePoolMember> ComputePoolMembers => Set<ComputePoolMember>();
    public DbSet<ComputePoolPeriod> ComputePoolPeriods => Set<ComputePoolPeriod>();

    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<Dispute> Disputes => Set<Dispute>();
    public DbSet<GatewayCustomer> GatewayCustomers => Set<GatewayCustomer>();
    public DbSet<SavedCard> SavedCards => Set<SavedCard>();
    public DbSet<AutoTopUpRule> AutoTopUpRules => Set<AutoTopUpRule>();
    public DbSet<WebhookEvent> WebhookEvents => Set<WebhookEvent>();
    public DbSet<GatewayComparison> GatewayComparisons => Set<GatewayComparison>();
    public DbSet<SandboxObject> SandboxObjects => Set<SandboxObject>();

    public DbSet<ModelAlias> ModelAliases => Set<ModelAlias>();
    public DbSet<AliasFigures> AliasFigures => Set<AliasFigures>();
    public DbSet<Chat> Chats => Set<Chat>();
    public DbSet<ChatTurn> ChatTurns => Set<ChatTurn>();

    public DbSet<UsageRecord> UsageRecords => Set<UsageRecord>();
    public DbSet<UsageReturn> UsageReturns => Set<UsageReturn>();
    public DbSet<UsageHour> UsageHours => Set<UsageHour>();
    public DbSet<AlertRule> AlertRules => Set<AlertRule>();
    public DbSet<AlertEvent> AlertEvents => Set<AlertEvent>();

    public DbSet<StoredFile> StoredFiles => Set<StoredFile>();
    public DbSet<FilePart> FileParts => Set<FilePart>();
    public DbSet<Batch> Batches => Set<Batch>();
    public DbSet<BatchLine> BatchLines => Set<BatchLine>();
    public DbSet<CachedAnswer> CachedAnswers => Set<CachedAnswer>();

    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<AdjustmentMonth> AdjustmentMonths => Set<AdjustmentMonth>();
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();
    public DbSet<PermissionReport> PermissionReports => Set<PermissionReport>();
    public DbSet<Ticket> Tickets => Set<Ticket>();
    public DbSet<CannedAnswer> CannedAnswers => Set<CannedAnswer>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        AccountsMapping.Map(builder);
        CatalogMapping.Map(builder);
        BillingMapping.Map(builder);
        PaymentsMapping.Map(builder);
        PromptsMapping.Map(builder);
        ChatsMapping.Map(builder);
        UsageMapping.Map(builder);
        SupportMapping.Map(builder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        configurationBuilder.Properties<decimal>().HavePrecision(28, 12);
        configurationBuilder.Properties<string>().HaveMaxLength(256);
    }

    private sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
        instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        micros => new DateTimeOffset((micros * TimeSpan.TicksPerMicrosecond) + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero));
}
