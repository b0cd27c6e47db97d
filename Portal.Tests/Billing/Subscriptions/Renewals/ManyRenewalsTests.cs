using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions.Renewals;

/// <summary>Many subscriptions that are due at once: crashes, several schedulers, and accounts with trouble of their own.</summary>
public sealed class ManyRenewalsTests
{
    /// <summary>More than begin at the same time on any engine: the last transaction finds one that is done.</summary>
    private const int Subscribers = (3 * RenewalRun.BatchMax) + 20;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F19_a_crash_in_the_middle_of_many_renewals_leaves_each_period_whole_or_unopened_and_the_next_run_does_the_rest(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        await OpenDueAsync(scene, Subscribers);
        using var crash = new CancellationTokenSource();
        var dying = new LedgerWriter(new DyingDatabases(scene.Databases, crash), scene.Time, scene.Events);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RenewAsync(dying, crash.Token));
        var before = await CountAsync(scene);
        Assert.InRange(before, RenewalRun.BatchMax, Subscribers - 1);
        await scene.AssertBooksAsync();

        Assert.Equal(new RenewalSummary(Subscribers - before, 0, 0), await scene.RenewAsync());
        Assert.Equal(new RenewalSummary(0, 0, 0), await scene.RenewAsync());
        Assert.Equal(Subscribers, await CountAsync(scene));
        await AssertOneFeeEachAsync(scene);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F18_two_schedulers_one_of_them_paused_past_its_lease_issue_one_invoice_per_period(DatabaseProvider provider)
    {
        const int Due = 10;
        await using var scene = await BillingScene.CreateAsync(provider);
        await OpenDueAsync(scene, Due);
        RenewalSummary? other = null;
        var paused = new LedgerWriter(new PausedDatabases(scene.Databases, async () => other = await scene.RenewAsync()), scene.Time, scene.Events);

        // It has read what is due; before it opens its transaction somebody else takes over and does all of it.
        var own = await scene.RenewAsync(paused);

        Assert.Equal((new RenewalSummary(0, 0, 0), new RenewalSummary(Due, 0, 0)), (own, other));
        Assert.Equal(Due, await CountAsync(scene));
        await AssertOneFeeEachAsync(scene);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B10_the_job_three_times_at_once_renews_each_period_once(DatabaseProvider provider)
    {
        const int Due = RenewalRun.BatchMax + 10;
        await using var scene = await BillingScene.CreateAsync(provider);
        await OpenDueAsync(scene, Due);

        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => scene.RenewAsync())));

        Assert.Equal(Due, runs.Sum(r => r.Renewed));
        Assert.Equal(Due, await CountAsync(scene));
        await AssertOneFeeEachAsync(scene);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B10_when_a_renewal_a_cancellation_and_a_new_choice_race_there_is_one_invoice_for_the_period_or_none(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customers = new List<Caller>();
        for (var i = 0; i < 4; i++)
        {
            customers.Add(await scene.OpenAccountAsync(credit: 1000));
            Assert.Null((await scene.ChooseAsync(customers[i], "image-basic")).Refusal);
        }

        scene.Time.Advance(TimeSpan.FromDays(31));
        await Task.WhenAll(
            [.. customers.SelectMany(c => new Func<Task>[] { () => scene.Desk.Cancel(c), () => scene.ChooseAsync(c, "image-basic") }).Select(Task.Run), Task.Run(() => scene.RenewAsync())]);
        await scene.RenewAsync();

        await using var db = scene.Open();
        var periods = await db.SubscriptionPeriods.Join(db.Subscriptions, p => p.SubscriptionId, s => s.Id, (p, s) => new { s.AccountId, p.Start }).ToListAsync();
        Assert.All(customers, c => Assert.InRange(periods.Count(p => p.AccountId == c.AccountId), 1, 2));
        Assert.Equal(periods.Count, await db.Invoices.CountAsync());
        Assert.All(customers, c => Assert.InRange(db.Subscriptions.Count(s => s.AccountId == c.AccountId && s.Status != SubscriptionStatus.Canceled), 0, 1));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_account_that_cannot_be_renewed_keeps_none_of_the_others_waiting(DatabaseProvider provider)
    {
        const int Due = 8;
        await using var scene = await BillingScene.CreateAsync(provider);
        var accounts = await OpenDueAsync(scene, Due);
        await using var db = scene.Open();
        await db.Subscriptions.Where(s => s.Id == accounts[3]).ExecuteUpdateAsync(set => set.SetProperty(s => s.Anchor, new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero)));

        var failed = await Assert.ThrowsAsync<AggregateException>(() => scene.RenewAsync());

        Assert.IsType<ArgumentOutOfRangeException>(Assert.Single(failed.InnerExceptions));
        Assert.Equal(Due - 1, await CountAsync(scene));
        await scene.AssertBooksAsync();
    }

    /// <summary>Accounts whose trial ends now, with credit for some months.</summary>
    private static async Task<List<Guid>> OpenDueAsync(BillingScene scene, int count)
    {
        await using var db = scene.Open();
        var plan = await db.Plans.SingleAsync(p => p.Key == "image-basic");
        var (start, end) = (scene.Time.GetUtcNow().AddDays(-7), scene.Time.GetUtcNow());
        var accounts = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(start)).ToList();
        foreach (var id in accounts)
        {
            db.Accounts.Add(new() { Id = id, Name = "Somebody's", CreatedAt = start });
            db.Wallets.Add(new() { Id = id });
            db.Subscriptions.Add(new()
            {
                Id = id, AccountId = id, PlanId = plan.Id, Status = SubscriptionStatus.Trialing, UnpaidTrial = true, TrialPlan = plan.Key, TrialPersonId = id, Anchor = end, PeriodStart = start, PeriodEnd = end,
            });
            db.SubscriptionPeriods.Add(new() { SubscriptionId = id, Start = start, End = end, PaidEnd = end, PlanId = plan.Id });
        }

        await db.SaveChangesAsync();
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money), 500 * Money.NanosPerUnit, "grant");
        foreach (var granted in await Task.WhenAll(accounts.Select(id => scene.Ledger.Apply(new Move(id, "grant", "test", [leg]))))) Assert.Null(granted.Refusal);
        return accounts;
    }

    private static async Task<int> CountAsync(BillingScene scene)
    {
        await using var db = scene.Open();
        var periods = await db.SubscriptionPeriods.CountAsync(p => p.InvoiceId != null);
        Assert.Equal(periods, await db.Invoices.CountAsync());
        return periods;
    }

    private static async Task AssertOneFeeEachAsync(BillingScene scene)
    {
        await using var db = scene.Open();
        var left = await db.LedgerAccounts.Where(a => a.Code == LedgerCodes.CreditGranted).Select(a => a.Balance).ToListAsync();
        Assert.All(left, balance => Assert.Equal(401 * Money.NanosPerUnit, balance));
    }

    /// <summary>The process dies while a later transaction writes its rows.</summary>
    private sealed class DyingDatabases(PortalDbFactory databases, CancellationTokenSource stop) : IDbContextFactory<PortalDb>
    {
        private int opened;

        public PortalDb CreateDbContext()
        {
            var db = databases.CreateDbContext();
            var saves = 0;
            if (Interlocked.Increment(ref opened) == 4)
                db.SavingChanges += (_, _) => { if (++saves == 3) stop.Cancel(); };
            return db;
        }
    }

    /// <summary>Something else happens before the first transaction begins.</summary>
    private sealed class PausedDatabases(PortalDbFactory databases, Func<Task> meanwhile) : IDbContextFactory<PortalDb>
    {
        private int opened;

        public PortalDb CreateDbContext()
        {
            if (Interlocked.Increment(ref opened) == 1) Task.Run(meanwhile).Wait();
            return databases.CreateDbContext();
        }
    }
}
