using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Billing.Verification;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Database;

namespace Portal.Commands.Bench;

/// <summary>
/// How long the renewal run takes when many subscriptions are due at once, each of an account of its own with a part of its old allowance left: every
/// one expires the leftover, pays the fee, is granted the new allowance and gets its invoice.
/// </summary>
public sealed class RenewalBench(string database, int count, PlanLetters letters, TimeProvider clock)
{
    private const int AccountsAtOnce = 2000;
    private const string PlanKey = "image-basic";
    private const long CreditNanos = 1000 * Money.NanosPerUnit;
    private const long LeftUnits = 100;

    /// <returns>Null when the number is none or out of its range.</returns>
    public static RenewalBench? Read(IConfiguration configuration, PlanLetters letters, TimeProvider clock) =>
        int.TryParse(configuration["count"] ?? "100000", out var count) && count is >= 1 and <= 10_000_000
            ? new RenewalBench(configuration["database"] ?? "sqlite", count, letters, clock)
            : null;

    public async Task<RenewalFigures> Measure(CancellationToken cancel)
    {
        await using var scratch = await ScratchDatabase.Create(database, cancel);
        await new CatalogLoader(scratch.Databases, clock).Load(cancel);
        var ledger = new LedgerWriter(scratch.Databases, clock, new WalletEvents());
        using var mover = new LogMover(scratch.Databases, clock);
        await mover.StartAsync(cancel);
        await Fill(scratch.Databases, ledger, cancel);

        var run = new RenewalRun(scratch.Databases, ledger, letters, clock, NullLogger<RenewalRun>.Instance);
        var begin = clock.GetTimestamp();
        var done = await run.Run(cancel);
        var seconds = (decimal)clock.GetElapsedTime(begin).TotalSeconds;
        var again = await run.Run(cancel);

        await mover.StopAsync(cancel);
        await using var db = scratch.Databases.CreateDbContext();
        var invoices = await db.Invoices.CountAsync(cancel);
        var periods = await db.SubscriptionPeriods.CountAsync(p => p.InvoiceId != null, cancel);
        var books = await new BookVerifier(scratch.Databases, clock).Verify(cancel: cancel);
        return new RenewalFigures(
            scratch.Name, done.Renewed, decimal.Round(seconds, 2), invoices, again.Renewed + (periods - count) + (invoices - count),
            books.Clean ? "clean" : string.Join("; ", books.Findings.Take(3)));
    }

    /// <summary>Subscriptions whose trial ended a minute ago.</summary>
    private async Task Fill(PortalDbFactory databases, LedgerWriter ledger, CancellationToken cancel)
    {
        var end = BillingPeriods.WholeSecond(clock.GetUtcNow().AddMinutes(-1));
        var start = end.AddDays(-7);
        Plan plan;
        await using (var db = databases.CreateDbContext())
        {
            plan = await db.Plans.SingleAsync(p => p.Key == PlanKey, cancel);
        }

        foreach (var ids in Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(start)).Chunk(AccountsAtOnce))
        {
            await using var db = databases.CreateDbContext();
            db.Accounts.AddRange(ids.Select(id => new Account { Id = id, Name = "Somebody's", CreatedAt = start }));
            db.Wallets.AddRange(ids.Select(id => new Wallet { Id = id }));
            db.Subscriptions.AddRange(ids.Select(id => new Subscription
            {
                Id = id, AccountId = id, PlanId = plan.Id, Status = SubscriptionStatus.Trialing, UnpaidTrial = true, TrialPlan = PlanKey, TrialPersonId = id, Anchor = end,
                PeriodStart = start, PeriodEnd = end,
            }));
            db.SubscriptionPeriods.AddRange(ids.Select(id => new SubscriptionPeriod { SubscriptionId = id, Start = start, End = end, PaidEnd = end, PlanId = plan.Id, Units = LeftUnits }));
            await db.SaveChangesAsync(cancel);
            foreach (var granted in await Task.WhenAll(ids.Select(id => ledger.Apply(Grant(id, plan, start, end), cancel))))
            {
                ChargeBench.Check(granted);
            }
        }
    }

    private static Move Grant(Guid id, Plan plan, DateTimeOffset start, DateTimeOffset end) => new(id, "grant", NewPeriod.ReferenceOf(id, start),
    [
        new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money), CreditNanos, "grant"),
        new Leg(new AccountRef(LedgerCodes.Issued, plan.IncludedUnit), new AccountRef(LedgerCodes.Allowance, plan.IncludedUnit, ExpiresAt: end), LeftUnits, PaidPeriod.GrantCode),
    ]);
}
