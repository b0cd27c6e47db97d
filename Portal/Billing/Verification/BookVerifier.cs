using System.Data;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Verification;

/// <summary>
/// Proves the books: recomputes what the program keeps, by set-based queries that all three engines run, and names each
/// row that disagrees. Reads one consistent state, so it may run beside a busy portal.
/// </summary>
public sealed class BookVerifier(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public async Task<VerifiedBooks> Verify(VerifierLimits? limits = null, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await using var snapshot = await db.Database.BeginTransactionAsync(SnapshotOf(db), cancel);
        return await Verify(db, clock.GetUtcNow(), limits ?? VerifierLimits.Default, cancel);
    }

    internal static async Task<VerifiedBooks> Verify(PortalDb db, DateTimeOffset now, VerifierLimits limits, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        findings.AddRange(await AccountRules.Check(db, cancel));
        findings.AddRange(await TransferRules.Check(db, cancel));
        findings.AddRange(await HoldRules.Check(db, now - limits.Sweep, cancel));
        findings.AddRange(await UsageRules.Check(db, cancel));
        findings.AddRange(await PaymentRules.Check(db, cancel));
        findings.AddRange(await DocumentRules.Check(db, cancel));
        findings.AddRange(await BacklogRules.Check(db, now - limits.Sweep, now - limits.Outbox, cancel));

        return new VerifiedBooks(
            findings,
            await db.LedgerAccounts.LongCountAsync(cancel),
            await db.Transfers.LongCountAsync(cancel),
            await db.Holds.LongCountAsync(cancel),
            await db.UsageRecords.LongCountAsync(cancel),
            await db.Payments.LongCountAsync(cancel),
            await db.Invoices.LongCountAsync(cancel));
    }

    // SQLite: the provider opens a deferred transaction only for this level, and its reads are a snapshot that blocks no
    // writer. PostgreSQL: repeatable read is a snapshot. SQL Server: a snapshot level must be allowed per database, so locks.
    private static IsolationLevel SnapshotOf(PortalDb db) => db switch
    {
        SqlitePortalDb => IsolationLevel.ReadUncommitted,
        PostgreSqlPortalDb => IsolationLevel.RepeatableRead,
        _ => IsolationLevel.Serializable,
    };
}
