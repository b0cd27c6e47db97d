using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>A plan that is chosen before its money is there.</summary>
public sealed class AwaitedPlanTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task It_begins_once_as_soon_as_the_money_is_there(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 50);
        var quote = (await scene.Desk.Quote(ada, "image-basic", term: PlanTerm.Contract)).Value;
        Assert.Equal(PlanChangeKind.Await, (await scene.Desk.Await(ada, quote)).Value.Kind);
        Assert.Equal(("image-basic", "84.15"), (await scene.Subscriptions.Awaited(ada.AccountId)) is { } w ? (w.Plan.Key, w.Fee.ToTwoDecimals()) : default);
        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        Assert.False(await scene.RetryAsync(ada.AccountId));

        scene.Time.Advance(TimeSpan.FromHours(1));
        await scene.TopUpAsync(ada.AccountId, 34.15m);
        var tries = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => scene.RetryAsync(ada.AccountId))));

        Assert.Single(tries, begun => begun);
        var current = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((scene.Time.GetUtcNow(), PlanTerm.Contract, SubscriptionStatus.Active), (current.PeriodStart, current.Term, current.Status));
        Assert.Equal("0.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task It_waits_for_a_day_and_no_longer_and_can_be_called_off()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob) = (await scene.OpenAccountAsync(), await scene.OpenAccountAsync());
        foreach (var caller in new[] { ada, bob }) await scene.Desk.Await(caller, (await scene.Desk.Quote(caller, "image-basic")).Value);

        Assert.Null((await scene.Desk.Cancel(bob)).Refusal);
        await scene.TopUpAsync(bob.AccountId, 100);
        Assert.False(await scene.RetryAsync(bob.AccountId));
        scene.Time.Advance(PlanDesk.AwaitLife);

        // Before any run has come by.
        await scene.TopUpAsync(ada.AccountId, 100);
        Assert.False(await scene.RetryAsync(ada.AccountId));

        await using var db = scene.Open();
        Assert.All(await db.Subscriptions.ToListAsync(), s => Assert.Equal(SubscriptionStatus.Canceled, s.Status));
        Assert.Empty(await db.Invoices.ToListAsync());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Choosing_another_plan_takes_its_place()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 100);
        await scene.Desk.Await(ada, (await scene.Desk.Quote(ada, "image-advanced")).Value);

        Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);

        Assert.Null(await scene.Subscriptions.Awaited(ada.AccountId));
        Assert.Equal("image-basic", (await scene.Subscriptions.Current(ada.AccountId))!.Plan.Key);
        await scene.AssertBooksAsync();
    }
}
