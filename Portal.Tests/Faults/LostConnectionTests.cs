using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Faults;

/// <summary>What the ledger answers when the database fails under it, and what is in the books then.</summary>
public sealed class LostConnectionTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F7_A_commit_whose_answer_was_lost_is_looked_up_and_not_made_again(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider);
        var (flaky, node) = Flaky(scene);
        flaky.LoseAfter = 1;

        Assert.False((await scene.Done(Gift(scene, "gift"), node)).Replayed);
        Assert.True((await scene.Done(Gift(scene, "gift"), node)).Replayed);

        Assert.Equal(1000 * NanosPerToken, (await scene.View()).Spendable.Nanos);
        await scene.ExpireAndVerify();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F7_A_connection_lost_before_the_commit_is_refused_and_nothing_is_there(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        var (flaky, node) = Flaky(scene);
        var hold = Guid.NewGuid();
        // A node that has the wallet in memory must forget what did not reach the disk.
        await scene.Done(new SetPostpaidLimit(scene.Wallet, 0), node);
        flaky.LoseBefore = 1;

        await scene.Refused("ledger.unavailable", Hold(scene.Wallet, hold, 100), node);
        Assert.Equal(0, (await scene.View()).Held.Nanos);

        await scene.Done(Hold(scene.Wallet, hold, 100), node);
        await scene.Done(Settle(scene.Wallet, hold, 100), node);
        await scene.ExpireAndVerify();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F7_A_lost_look_up_is_not_taken_for_the_commit_that_it_looked_for(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider);
        var (flaky, node) = Flaky(scene);
        (flaky.LoseBefore, flaky.LoseAfter) = (1, 1);

        await scene.Refused("ledger.unavailable", Gift(scene, "gift"), node);

        Assert.Equal(0, (await scene.View()).Spendable.Nanos);
        Assert.False((await scene.Done(Gift(scene, "gift"), node)).Replayed);
        Assert.Equal(1000 * NanosPerToken, (await scene.View()).Spendable.Nanos);
        await scene.ExpireAndVerify();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B20_A_key_whose_write_failed_is_not_taken_and_the_retry_counts_once(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider);
        var (flaky, node) = Flaky(scene);
        flaky.LoseBefore = 1;

        await scene.Refused("ledger.unavailable", Gift(scene, "gift"), node);
        Assert.False((await scene.Done(Gift(scene, "gift"), node)).Replayed);
        Assert.True((await scene.Done(Gift(scene, "gift"), scene.NewNode())).Replayed);

        Assert.Equal(1000 * NanosPerToken, (await scene.View()).Spendable.Nanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F2_A_settle_that_is_sent_again_after_a_restart_gives_the_first_outcome(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        var hold = Guid.NewGuid();
        await scene.Done(Hold(scene.Wallet, hold, 100));
        var first = await scene.Done(Settle(scene.Wallet, hold, 60));

        var again = await scene.Done(Settle(scene.Wallet, hold, 60), scene.NewNode());

        Assert.True(again.Replayed);
        Assert.Equal((first.Receipt!.ChargedNanos, first.Receipt.At), (again.Receipt!.ChargedNanos, again.Receipt.At));
        await scene.Refused("hold.resolved", Settle(scene.Wallet, hold, 61), scene.NewNode());
        Assert.Equal(940 * NanosPerToken, (await scene.View()).Spendable.Nanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F1_A_hold_that_a_killed_process_left_expires_and_charges_nothing(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        await scene.Done(Hold(scene.Wallet, Guid.NewGuid(), 700));
        await scene.Refused("funds.short", Hold(scene.Wallet, Guid.NewGuid(), 700), scene.NewNode());

        await scene.ExpireAndVerify();

        await scene.Done(Hold(scene.Wallet, Guid.NewGuid(), 700), scene.NewNode());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F6_A_wallet_that_somebody_locks_too_long_is_busy_and_keeps_no_orphan(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, yuan: 1);
        var patience = provider == DatabaseProvider.Sqlite ? "Default Timeout=1" : "Command Timeout=1";
        var node = scene.NewNode(new FlakyDatabase(provider, $"{scene.Database.ConnectionString};{patience}"));
        var hold = Guid.NewGuid();
        await using (var other = scene.Database.Open())
        {
            await using var locking = await other.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await other.Wallets.ExecuteUpdateAsync(set => set.SetProperty(w => w.Version, w => w.Version), TestContext.Current.CancellationToken);

            await scene.Refused("ledger.busy", Hold(scene.Wallet, hold, 100), node);
        }

        Assert.Equal(0, (await scene.View()).Held.Nanos);
        await scene.Done(Hold(scene.Wallet, hold, 100), node);
        await scene.Done(Settle(scene.Wallet, hold, 100), node);
        await scene.ExpireAndVerify();
    }

    private static (FlakyDatabase Database, LedgerWriter Node) Flaky(LedgerScene scene)
    {
        var flaky = new FlakyDatabase(scene.Database.Provider, scene.Database.ConnectionString);
        return (flaky, scene.NewNode(flaky));
    }

    private static Move Gift(LedgerScene scene, string key) => Grant(scene.Wallet, Unit.Money, 1000 * NanosPerToken, null, key, LedgerCodes.CreditGranted);
}
