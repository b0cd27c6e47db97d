using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions.Renewals;

public sealed class RenewalRunTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_due_plan_is_paid_from_the_balance_and_granted_anew(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 200);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.BurnAsync(ada.AccountId, Unit.Images, 123);
        var due = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;

        scene.Time.SetUtcNow(due.AddSeconds(-1));
        Assert.Equal(new RenewalSummary(0, 0, 0), await scene.RenewAsync());
        scene.Time.SetUtcNow(due);
        Assert.Equal(new RenewalSummary(1, 0, 0), await scene.RenewAsync());

        var current = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((due, due.AddMonths(1)), (current.PeriodStart, current.PeriodEnd));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("2.00", 500L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));
        await using var db = scene.Open();
        var leftOver = await db.LedgerAccounts.SingleAsync(a => a.Code == LedgerCodes.Allowance && a.ExpiresAt == due);
        Assert.Equal(0, leftOver.Balance);
        Assert.Equal(["INV-2026-000001", "INV-2026-000002"], await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.Number).ToListAsync());
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F17_F18_after_an_outage_over_whole_periods_only_the_one_that_contains_now_is_opened_and_charged(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider, new FakeTime(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.FromHours(8))));
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");

        scene.Time.SetUtcNow(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var runs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => scene.RenewAsync())));
        Assert.Equal(1, runs.Sum(r => r.Renewed));
        Assert.Equal(0, (await scene.RenewAsync()).Renewed);

        await using var db = scene.Open();
        var starts = await db.SubscriptionPeriods.OrderBy(p => p.Start).Select(p => p.Start).ToListAsync();
        Assert.Equal(["01-31 09", "04-30 09"], starts.Select(s => s.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH", null)));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("802.00", 500L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task F17_a_clock_that_jumps_a_day_ahead_opens_the_period_that_is_due_in_its_full_length()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        var due = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;

        scene.Time.SetUtcNow(due.AddDays(1));
        Assert.Equal(1, (await scene.RenewAsync()).Renewed);

        var current = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((due, due.AddMonths(1)), (current.PeriodStart, current.PeriodEnd));
    }

    [Fact]
    public async Task F17_after_a_clock_that_ran_ahead_is_set_back_nothing_renews_or_expires_early()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        var ahead = new FakeTime(scene.Time.GetUtcNow().AddMonths(1));

        await using var wrong = scene.At(ahead);
        Assert.Equal(1, (await wrong.RenewAsync()).Renewed);
        Assert.Equal(new RenewalSummary(0, 0, 0), await scene.RenewAsync());
        Assert.Equal((0, 0), await scene.ExpireAsync());

        Assert.Equal(ahead.GetUtcNow().AddMonths(1), (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);
        Assert.Equal(500, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-30)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task F17_a_node_whose_clock_is_days_off_neither_renews_twice_nor_ends_early_what_others_renewed(int days)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        var due = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;
        scene.Time.SetUtcNow(due);
        Assert.Equal(1, (await scene.RenewAsync()).Renewed);

        await using var off = scene.At(new FakeTime(due.AddDays(days)));
        Assert.Equal(new RenewalSummary(0, 0, 0), await off.RenewAsync());
        Assert.Equal((0, 0), await off.ExpireAsync());
        Assert.Equal(new RenewalSummary(0, 0, 0), await scene.RenewAsync());

        Assert.Equal(due.AddMonths(1), (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);
        Assert.Equal((500L, "802.00"), (await scene.WalletAsync(ada.AccountId)) is var w ? (w.Available(Unit.Images, LedgerCodes.Allowance), w.Spendable.ToTwoDecimals()) : default);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task F16_over_a_year_with_both_clock_changes_an_hourly_run_renews_once_a_month()
    {
        await using var scene = await BillingScene.CreateAsync(time: new FakeTime(new DateTimeOffset(2026, 9, 25, 2, 30, 0, TimeSpan.FromHours(2))));
        var ada = await scene.OpenAccountAsync(credit: 2000, zone: "Europe/Berlin");
        await scene.ChooseAsync(ada, "image-basic");

        var renewed = 0;
        for (var day = 0; day < 365; day++)
        {
            // Hourly where the clock changes, daily elsewhere.
            var steps = scene.Time.GetUtcNow() is { Month: 10 or 3, Day: >= 24 } ? 24 : 1;
            for (var step = 0; step < steps; step++)
            {
                scene.Time.Advance(TimeSpan.FromHours(24 / steps));
                var summary = await scene.RenewAsync();
                Assert.InRange(summary.Renewed, 0, 1);
                renewed += summary.Renewed;
            }
        }

        Assert.Equal(12, renewed);
    }

    [Fact]
    public async Task B14_a_plan_over_months_of_any_length_gets_one_months_quota_a_period()
    {
        await using var scene = await BillingScene.CreateAsync(time: new FakeTime(new DateTimeOffset(2026, 1, 30, 0, 0, 0, TimeSpan.FromHours(8))));
        var ada = await scene.OpenAccountAsync(credit: 5000);
        await scene.ChooseAsync(ada, "image-basic");

        for (var day = 0; day < 365; day++)
        {
            scene.Time.Advance(TimeSpan.FromDays(1));
            await scene.RenewAsync();
            Assert.Equal(500, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
        }

        await using var db = scene.Open();
        var grants = await db.Transfers.Where(t => t.Code == "plan.grant").ToListAsync();
        Assert.Equal(13, grants.Count);
        Assert.All(grants, g => Assert.Equal(500, g.Amount));
    }

    [Fact]
    public async Task A_plan_that_was_cancelled_ends_with_its_period_and_its_allowance()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.Desk.Cancel(ada);
        scene.Time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(new RenewalSummary(0, 0, 1), await scene.RenewAsync());

        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        Assert.Equal("901.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await using var db = scene.Open();
        Assert.Equal(0, (await db.LedgerAccounts.SingleAsync(a => a.Code == LedgerCodes.Allowance)).Balance);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_change_that_waited_takes_effect_with_the_new_period()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 2000);
        await scene.ChooseAsync(school, "image-advanced");
        await scene.ChooseAsync(school, "edu-starter");
        scene.Time.Advance(TimeSpan.FromDays(31));

        await scene.RenewAsync();

        var current = (await scene.Subscriptions.Current(school.AccountId))!;
        Assert.Equal(("edu-starter", null), (current.Plan.Key, current.Next));
        var wallet = await scene.WalletAsync(school.AccountId);
        Assert.Equal(("1302.00", 500_000L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Tokens, LedgerCodes.Allowance)));
    }
}
