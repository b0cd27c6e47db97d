using Microsoft.Extensions.Logging.Abstractions;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions.Renewals;

public sealed class ExpiryRunTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_abandoned_hold_is_released_once_its_time_is_over(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 10);
        await HoldAsync(scene, ada, scene.Time.GetUtcNow().AddMinutes(10));

        Assert.Equal((0, 0), await scene.ExpireAsync());
        Assert.NotEqual(Money.Zero, (await scene.WalletAsync(ada.AccountId)).Held);
        scene.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((1, 0), await scene.ExpireAsync());
        Assert.Equal((0, 0), await scene.ExpireAsync());

        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("10.00", Money.Zero), (wallet.Spendable.ToTwoDecimals(), wallet.Held));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task F17_A_clock_that_is_set_ahead_ends_no_hold_whose_prompt_may_still_run()
    {
        await using var scene = await BillingScene.CreateAsync(DatabaseProvider.Sqlite);
        var ada = await scene.OpenAccountAsync(credit: 10);
        var run = new ExpiryRun(scene.Databases, scene.Ledger, scene.Time, NullLogger<ExpiryRun>.Instance);
        await run.Run(TestContext.Current.CancellationToken);
        await HoldAsync(scene, ada, scene.Time.GetUtcNow().AddMinutes(10));

        scene.Time.SetClock(TimeSpan.FromHours(1));
        Assert.Equal(0, (await run.Run(TestContext.Current.CancellationToken)).Holds);
        scene.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, (await run.Run(TestContext.Current.CancellationToken)).Holds);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await run.Run(TestContext.Current.CancellationToken)).Holds);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_left_of_an_allowance_goes_back_when_it_expires_and_what_a_hold_had_of_it_too(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 100);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.Desk.Cancel(ada);
        var end = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;
        scene.Time.SetUtcNow(end.AddMinutes(-1));
        await HoldAsync(scene, ada, end.AddMinutes(9), Unit.Images);
        Assert.Equal((0, 0), await scene.ExpireAsync());

        scene.Time.SetUtcNow(end);
        Assert.Equal((0, 1), await scene.ExpireAsync());
        scene.Time.SetUtcNow(end.AddMinutes(9));
        Assert.Equal((1, 1), await scene.ExpireAsync());
        Assert.Equal((0, 0), await scene.ExpireAsync());

        await using var db = scene.Open();
        Assert.All(db.LedgerAccounts.Where(a => a.Unit == Unit.Images), a => Assert.Equal((0, 0), (a.Balance, a.Held)));
        await scene.AssertBooksAsync();
    }

    private static async Task HoldAsync(BillingScene scene, Caller caller, DateTimeOffset expires, Unit unit = Unit.Tokens)
    {
        var terms = (await scene.Catalogue.TermsFor("guide", unit, new PriceContext(true, 0, false, scene.Time.GetUtcNow()), null)).Value;
        var usage = unit == Unit.Tokens ? MeteredUsage.Text(100, 1000) : MeteredUsage.Picture(1, 64, 64, 9);
        var hold = new HoldPrompt(caller.AccountId, Guid.NewGuid(), WalletScene.By(caller.MembershipId), false, usage, terms, WalletScene.July, expires, null);
        Assert.Null((await scene.Ledger.Apply(hold)).Refusal);
    }
}
