using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Documents;
using Portal.Billing.Verification.Movements;
using Portal.Billing.Verification.Payments;
using Portal.Billing.Verification.Perks;
using Portal.Billing.Verification.Rows;
using Portal.Data;

namespace Portal.Billing.Verification;

/// <summary>
/// Proves the books: recomputes what the program keeps, in one pass over every table, and names each row that disagrees. Reads one consistent state,
/// so it may run beside a busy portal.
/// </summary>
public sealed class BookVerifier(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <param name="since">
    /// Proves only what happened from this hour on. Balances then stay unproved, being the sum of every transfer there ever was. Null: everything.
    /// </param>
    /// <param name="progress">Is told the share of the rows that was read, 0 to 1.</param>
    public async Task<VerifiedBooks> Verify(
        VerifierLimits? limits = null, DateTimeOffset? since = null, Action<decimal>? progress = null, CancellationToken cancel = default)
    {
        await using var snapshot = await BookSnapshot.Open(databases, cancel);
        return await Verify(snapshot, clock.GetUtcNow(), limits ?? VerifierLimits.Default, since, progress, cancel);
    }

    internal static async Task<VerifiedBooks> Verify(
        BookSnapshot snapshot, DateTimeOffset now, VerifierLimits limits, DateTimeOffset? since, Action<decimal>? progress, CancellationToken cancel)
    {
        var db = snapshot.Db;
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;

        // The rollup counts full hours.
        since = since is { } at ? new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero) : null;
        var accounts = await AccountRules.Read(db, cancel);
        var pass = new BookPass(snapshot, accounts, now - limits.Sweep, since);
        var last = progress is null ? 0 : await db.Transfers.MaxAsync(t => (long?)t.Id, cancel) ?? 0;
        await Task.Run(() => pass.Run(id => progress?.Invoke(last == 0 ? 1 : decimal.Min(1, (decimal)id / last)), cancel), cancel);

        var findings = new List<Finding>();
        findings.AddRange(accounts.Check(balances: since is null));
        findings.AddRange(pass.Transfers.Findings);
        findings.AddRange(pass.Sources.Findings);
        findings.AddRange(pass.Holds.Check());
        findings.AddRange(await QuoteRules.Check(db, used: since is null, now, cancel));
        findings.AddRange(await pass.Usage.Check(db, tiers: since is null, cancel));
        findings.AddRange(await PaymentRules.Check(db, pass.Transfers, since, cancel));
        findings.AddRange(await GatewayRules.Check(db, since, cancel));
        findings.AddRange(await CouponRules.Check(db, pass.Transfers, since, cancel));
        findings.AddRange(await TrialRules.Check(db, pass.Transfers.Perks, since, cancel));
        findings.AddRange(await BonusRules.Check(db, pass.Transfers.Perks, since, cancel));
        findings.AddRange(await OnAccountRules.Check(db, pass.Transfers.Perks, cancel));
        findings.AddRange(await PoolRules.Check(db, cancel));
        findings.AddRange(await PointsRules.Check(db, pass.Transfers.Perks, since, cancel));
        findings.AddRange(await DocumentRules.Check(db, pass.Transfers.Fees, since, cancel));
        findings.AddRange(await PeriodRules.Check(db, pass.Transfers.TakenBack, since, cancel));
        findings.AddRange(await AllowanceRules.Check(db, pass.Transfers.Grants, since, cancel));
        findings.AddRange(await UsageReturnRules.Check(db, pass.Transfers.Returned, since, cancel));
        findings.AddRange(await AuditRules.Check(db, since, now - limits.Sweep, cancel));
        findings.AddRange(since is null ? await AdjustmentRules.Check(db, pass.Transfers.Adjustments, cancel) : []);
        findings.AddRange(await DisputeRules.Check(db, pass.Transfers.Frozen, pass.Transfers.Owed, since, cancel));
        findings.AddRange(await CreditNoteRules.Check(db, pass.Transfers.FeeRefunds, since, cancel));
        findings.AddRange(await BacklogRules.Check(db, now - limits.Sweep, now - limits.Outbox, cancel));

        return new VerifiedBooks(
            findings, accounts.Count, pass.Transfers.Count, pass.HoldCount, pass.Usage.Count, await db.Payments.LongCountAsync(cancel),
            await db.Invoices.LongCountAsync(cancel), since)
        {
            Hours = pass.Usage.HourCount,
        };
    }
}
