using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Billing.Ledger.Wallets;
using Portal.Tests.Faults;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger;

/// <summary>Bad input and bad clocks on the real databases: a reason, and untouched books.</summary>
public sealed class LedgerInputTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_cannot_be_booked_is_refused_with_its_reason(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        var before = await scene.View();
        var tokens = new AccountRef(LedgerCodes.Pool, Unit.Tokens);

        await scene.Refused("amount.invalid", TopUp(scene.Wallet, 0, "none"));
        await scene.Refused("amount.invalid", TopUp(scene.Wallet, -1, "negative"));
        await scene.Refused("amount.too-large", TopUp(scene.Wallet, long.MaxValue, "sum beyond 64 bits"));
        await scene.Refused("amount.invalid", new Move(scene.Wallet, "units", "units", [new Leg(tokens, Purchased, 1, "wrong")]));
        await scene.Refused("amount.invalid", new Move(scene.Wallet, "no legs", "no legs", []));
        await scene.Refused("amount.invalid", Hold(scene.Wallet, Guid.NewGuid(), 0));
        await scene.Refused("amount.too-large", Hold(scene.Wallet, Guid.NewGuid(), long.MaxValue));
        await scene.Refused("amount.invalid", new SetPostpaidLimit(scene.Wallet, -1));
        await scene.Refused("amount.invalid", new SetCap(scene.Wallet, Project, CapMeter.Money, CapWindow.Day, -1));
        await scene.Refused("not-found", TopUp(Guid.NewGuid(), 1, "nobody's"));
        await scene.Refused("not-found", new VoidHold(scene.Wallet, Guid.NewGuid()));

        Assert.Equal(before.Accounts, (await scene.View()).Accounts);
        await Books.AssertClean(scene.Database.Factory, scene.Time);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_resolved_hold_gives_its_first_outcome_again_and_takes_no_other(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        Guid settled = Guid.NewGuid(), voided = Guid.NewGuid(), expired = Guid.NewGuid(), open = Guid.NewGuid();
        foreach (var hold in (Guid[])[settled, voided, expired, open]) await scene.Done(Hold(scene.Wallet, hold, 100));
        await scene.Refused("amount.invalid", new SettlePrompt(scene.Wallet, open, MeteredUsage.Picture(1, 512, 512, 4), End));
        await scene.Refused("hold.prompt", new PostHold(scene.Wallet, open));
        await scene.Done(Settle(scene.Wallet, settled, 40));
        await scene.Done(new VoidHold(scene.Wallet, voided));
        scene.Time.Advance(TimeSpan.FromMinutes(10));
        await scene.Done(new ExpireHold(scene.Wallet, expired));

        Assert.True((await scene.Done(Settle(scene.Wallet, settled, 40))).Replayed);
        Assert.True((await scene.Done(new VoidHold(scene.Wallet, voided))).Replayed);
        Assert.True((await scene.Done(new ExpireHold(scene.Wallet, expired))).Replayed);
        await scene.Refused("hold.resolved", Settle(scene.Wallet, settled, 41));
        await scene.Refused("hold.resolved", Settle(scene.Wallet, voided, 40));
        await scene.Refused("hold.resolved", Settle(scene.Wallet, expired, 40));
        await scene.Refused("hold.resolved", new VoidHold(scene.Wallet, settled));
        await scene.Refused("hold.prompt", new PostHold(scene.Wallet, settled));
        await scene.Refused("request.duplicate", Hold(scene.Wallet, settled, 1));

        await scene.ExpireAndVerify();
        Assert.Equal(960 * NanosPerToken, (await scene.View()).Spendable.Nanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B11_One_key_for_two_changes_is_refused_and_two_keys_are_two_changes(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, wallets: 2, yuan: 1);
        await scene.Done(Gift(scene.Wallet, 100, "key"));

        await scene.Refused("idempotency.mismatch", Gift(scene.Wallet, 101, "key"));
        await scene.Refused("idempotency.mismatch", Gift(scene.Wallet, 100, "key") with { Reference = "another" });
        await scene.Refused("idempotency.mismatch", Allocate(scene.Wallet, Guid.NewGuid(), Unit.Tokens, 100, "key"));
        await scene.Done(Gift(scene.Wallet, 100, "other key"));
        await scene.Done(Gift(scene.Wallets[1], 100, "key"));

        Assert.Equal((1_000_000_200, 1_000_000_100), ((await scene.View()).Spendable.Nanos, (await scene.View(scene.Wallets[1])).Spendable.Nanos));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B3_Two_nodes_share_one_count(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 100);
        await scene.Done(new SetCap(scene.Wallet, Project, CapMeter.Tokens, CapWindow.Day, 25 * 10));
        LedgerWriter[] nodes = [scene.NewNode(), scene.NewNode()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => scene.Spend(nodes[i % 2], 10))));

        Assert.Equal((25, 75), (outcomes.Count(code => code is null), outcomes.Count(code => code == "cap.tokens")));
        await Books.AssertClean(scene.Database.Factory, scene.Time);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Prompts_that_cross_a_tiers_edge_on_two_nodes_at_once_cost_together_what_they_cost_in_order(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 100);
        LedgerWriter[] nodes = [scene.NewNode(), scene.NewNode()];

        var charged = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var hold = Guid.NewGuid();
            await scene.Done(Hold(scene.Wallet, hold, 9) with { Terms = NaiveTerms.Text }, nodes[i % 2]);
            return (await scene.Done(Settle(scene.Wallet, hold, 7), nodes[i % 2])).Receipt!.ChargedNanos;
        })));

        Assert.Equal(NaiveTerms.Price(Unit.Tokens, 0, 40 * 7), charged.Sum());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_clock_that_jumps_a_month_either_way_loses_nothing_and_opens_no_account_twice(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        var end = Now.AddDays(3);
        var ahead = scene.NewNode(clock: new FakeTime(Now.AddDays(31)));
        var behind = scene.NewNode(clock: new FakeTime(Now.AddDays(-31)));
        var hold = Guid.NewGuid();
        await scene.Done(Grant(scene.Wallet, Unit.Tokens, 50, end, "one"));
        await scene.Done(Hold(scene.Wallet, hold, 100));

        await scene.Refused("hold.not-expired", new ExpireHold(scene.Wallet, hold), behind);
        await scene.Done(Settle(scene.Wallet, hold, 80), behind);
        await scene.Done(new BookExpiry(scene.Wallet), ahead);
        await scene.Done(Grant(scene.Wallet, Unit.Tokens, 30, end, "two"), ahead);
        await scene.Done(Grant(scene.Wallet, Unit.Tokens, 30, end, "three"), behind);

        Assert.Equal((970 * NanosPerToken, 60), ((await scene.View()).Spendable.Nanos, (await scene.View()).Available(Unit.Tokens, LedgerCodes.Allowance)));
        await scene.ExpireAndVerify();
    }

    private static Move Gift(Guid wallet, long nanos, string key) => Grant(wallet, Unit.Money, nanos, null, key, LedgerCodes.CreditGranted) with { Reference = "gift" };
}
