using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Points;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Refunds;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Points;

public sealed class PointsDeskTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_day_is_collected_once_in_many_tabs_and_on_two_nodes(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync();
        PointsDesk[] nodes = [Desk(scene), Desk(scene.At(scene.Time))];

        var collected = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => nodes[i % 2].CheckIn(ada)));

        Assert.Single(collected, c => c.Refusal is null);
        Assert.All(collected.Where(c => c.Refusal is not null), c => Assert.Equal("points.checked-in", c.Refusal!.Code));
        Assert.Equal(5, (await nodes[0].Read(ada)).Value.Balance);
        await scene.AssertBooksAsync();
    }

    /// <summary>F16: a day is a day of the account's clock, however long it is.</summary>
    [Theory]
    [InlineData("Asia/Shanghai", "2026-07-01T15:59:59Z", "2026-07-01T16:00:00Z")]
    [InlineData("America/New_York", "2027-03-14T04:59:59Z", "2027-03-14T05:00:00Z")]
    [InlineData("America/New_York", "2027-03-15T03:59:59Z", "2027-03-15T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-01T03:59:59Z", "2026-11-01T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z")]
    [InlineData("Africa/Cairo", "2027-04-29T21:59:59Z", "2027-04-29T22:00:00Z")]
    public async Task F16_A_new_day_begins_at_midnight_of_the_accounts_clock(string zone, string last, string next)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(zone: zone);
        scene.Time.SetUtcNow(DateTimeOffset.Parse(last, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Null((await Desk(scene).CheckIn(ada)).Refusal);
        Assert.Equal("points.checked-in", (await Desk(scene).CheckIn(ada)).Refusal?.Code);

        scene.Time.SetUtcNow(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Null((await Desk(scene).CheckIn(ada)).Refusal);
    }

    [Fact]
    public async Task F17_A_clock_or_a_time_zone_that_goes_back_brings_no_day_twice()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(zone: "Pacific/Kiritimati");
        Assert.Null((await Desk(scene).CheckIn(ada)).Refusal);

        Assert.Equal("points.checked-in", (await Desk(scene).CheckIn(ada with { TimeZone = "America/Los_Angeles" })).Refusal?.Code);
        var earlier = scene.At(new FakeTime(scene.Time.GetUtcNow().AddDays(-1)));
        Assert.Equal("points.checked-in", (await Desk(earlier).CheckIn(ada)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_task_is_collected_once_and_not_before_it_is_done(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync();
        Assert.Equal("points.not-done", (await Desk(scene).Claim(ada, PointTasks.FirstTopUp)).Refusal?.Code);
        await scene.TopUpAsync(ada.AccountId, 10);
        scene.Time.Advance(TimeSpan.FromDays(15));

        var collected = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Desk(scene).Claim(ada, PointTasks.FirstTopUp)));

        Assert.Single(collected, c => c.Refusal is null);
        var view = (await Desk(scene).Read(ada)).Value;
        Assert.Equal((100L, true), (view.Balance, view.Tasks.Single(t => t.Key == PointTasks.FirstTopUp).Had));
        Assert.All(view.Tasks.Where(t => t.Key != PointTasks.FirstTopUp), t => Assert.False(t.Fulfilled || t.Had));
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Claim(ada, "made-up")).Refusal);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_top_up_counts_once_it_is_kept_and_a_renewal_or_one_that_went_back_never()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 10);
        Assert.Equal("points.not-done", (await Desk(scene).Claim(ada, PointTasks.FirstTopUp)).Refusal?.Code);
        scene.Time.Advance(TimeSpan.FromDays(15));
        await using var db = scene.Open();
        await db.Payments.ExecuteUpdateAsync(set => set.SetProperty(p => p.RefundedNanos, 1), TestContext.Current.CancellationToken);
        Assert.Equal("points.not-done", (await Desk(scene).Claim(ada, PointTasks.FirstTopUp)).Refusal?.Code);
        await db.Payments.ExecuteUpdateAsync(set => set.SetProperty(p => p.RefundedNanos, 0).SetProperty(p => p.Purpose, PaymentPurpose.Renewal), TestContext.Current.CancellationToken);
        Assert.Equal("points.not-done", (await Desk(scene).Claim(ada, PointTasks.FirstTopUp)).Refusal?.Code);
        await db.Payments.ExecuteUpdateAsync(set => set.SetProperty(p => p.Purpose, PaymentPurpose.TopUp), TestContext.Current.CancellationToken);

        Assert.Null((await Desk(scene).Claim(ada, PointTasks.FirstTopUp)).Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_person_with_several_accounts_collects_a_day_and_a_task_in_one_of_them(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 10);
        List<Caller> hats = [ada];
        await using var db = scene.Open();
        for (var i = 0; i < 3; i++)
        {
            var more = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 10);
            await db.Memberships.Where(m => m.Id == more.MembershipId).ExecuteUpdateAsync(set => set.SetProperty(m => m.PersonId, ada.PersonId), TestContext.Current.CancellationToken);
            hats.Add(more with { PersonId = ada.PersonId });
        }

        var days = await Task.WhenAll(hats.Select(h => Desk(scene).CheckIn(h)));

        Assert.Single(days, d => d.Refusal is null);
        Assert.All(days.Where(d => d.Refusal is not null), d => Assert.Equal("points.checked-in", d.Refusal!.Code));
        foreach (var hat in hats) Assert.True((await Desk(scene).Read(hat)).Value.CheckedIn);

        scene.Time.Advance(TimeSpan.FromDays(15));
        Assert.Null((await Desk(scene).CheckIn(hats[^1])).Refusal);

        var collected = await Task.WhenAll(hats.Select(h => Desk(scene).Claim(h, PointTasks.FirstTopUp)));

        Assert.Single(collected, c => c.Refusal is null);
        Assert.All(collected.Where(c => c.Refusal is not null), c => Assert.Equal("points.had", c.Refusal!.Code));
        Assert.True((await Desk(scene).Read(hats[^1])).Value.Tasks.Single(t => t.Key == PointTasks.FirstTopUp).Had);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Points_become_credit_in_one_transaction_and_a_double_click_is_one_redemption(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync();
        await scene.TopUpAsync(ada.AccountId, 10);
        scene.Time.Advance(TimeSpan.FromDays(15));
        await Desk(scene).Claim(ada, PointTasks.FirstTopUp);
        var form = Guid.NewGuid();

        var redeemed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Desk(scene).Redeem(ada, "100", form)));

        Assert.All(redeemed, r => Assert.Equal(1m, r.Value.Amount));
        Assert.Equal(11m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        Assert.Equal(0, (await Desk(scene).Read(ada)).Value.Balance);
        Assert.Equal("points.short", (await Desk(scene).Redeem(ada, "100", Guid.NewGuid())).Refusal?.Code);
        Assert.Equal("idempotency.mismatch", (await Desk(scene).Redeem(ada, "200", form)).Refusal?.Code);
        await scene.AssertBooksAsync();

        // What came of points can be spent and expires, and is never paid out.
        await using var db = scene.Open();
        var grant = await db.LedgerAccounts.SingleAsync(a => a.WalletId == ada.AccountId && a.Code == LedgerCodes.CreditGranted);
        Assert.Equal((form, scene.Time.GetUtcNow().AddDays(90)), (grant.SubjectId, grant.ExpiresAt));
        scene.Time.Advance(TimeSpan.FromDays(90));
        await scene.ExpireAsync();
        Assert.Equal(10m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        await scene.AssertBooksAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("99")]
    [InlineData("-100")]
    [InlineData("100.5")]
    [InlineData("1e30")]
    [InlineData("NaN")]
    [InlineData("99999999999")]
    public async Task Nonsense_is_refused_and_takes_nothing(string typed)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync();
        await Desk(scene).CheckIn(ada);

        Assert.Equal("points.amount", (await Desk(scene).Redeem(ada, typed, Guid.NewGuid())).Refusal?.Code);
        Assert.Equal(5, (await Desk(scene).Read(ada)).Value.Balance);
    }

    [Fact]
    public async Task Members_collect_nothing_and_where_there_are_no_points_nobody_does()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation);
        var student = await scene.JoinAsync(school, MemberRole.Member);

        Assert.Equal(Refusal.Forbidden, (await Desk(scene).CheckIn(student)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await Desk(scene).Read(student)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene, enabled: false).CheckIn(school)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene, enabled: false).Redeem(school, "100", Guid.NewGuid())).Refusal);
    }

    private static PointsDesk Desk(BillingScene scene, bool enabled = true) =>
        new(scene.Ledger, scene.Databases, Options.Create(new PointsOptions { Enabled = enabled }), scene.Time);
}
