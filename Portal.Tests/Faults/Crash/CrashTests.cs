using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults.Crash;

public sealed class CrashTests
{
    private const int Callers = 32;
    private const decimal Yuan = 100_000;

    /// <summary>10 times, and 100 times with PORTAL_TEST_FULL=1.</summary>
    private static readonly int Kills = Environment.GetEnvironmentVariable("PORTAL_TEST_FULL") == "1" ? 100 : 10;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F1_F2_F3_Killed_at_random_moments_under_load_every_acknowledged_charge_is_there_and_none_twice(DatabaseProvider provider)
    {
        await using var scene = await LedgerScene.Start(provider, wallets: 4, Yuan);
        var random = new Random(7);
        var next = ChargeLoadProcess.Start(scene, Callers);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var load = await next;
            // The next one gets ready while this one is killed and looked into.
            next = kill < Kills ? ChargeLoadProcess.Start(scene, Callers) : null!;
            await load.Go();
            await load.KillAfter(random.Next(1, 200));
            await scene.SessionsEnd();

            await AssertAcknowledged(scene, load);
            await AssertSentAgain(scene, load);
            await scene.ExpireAndVerify();
            await AssertCharges(scene);
        }
    }

    private static async Task AssertAcknowledged(LedgerScene scene, ChargeLoadProcess load)
    {
        Assert.Empty(load.Refused);
        await using var db = scene.Database.Open();
        var holds = await db.Holds.AsNoTracking().ToDictionaryAsync(h => h.Id, h => h.State);
        Assert.All(load.Held, id => Assert.Contains(id, holds.Keys));
        Assert.All(load.Settled, id => Assert.Equal(HoldState.Posted, holds[id]));
    }

    /// <summary>Of the charges whose answer never came, every other one is sent again under its id by the restarted portal; the rest is left to expire.</summary>
    private static async Task AssertSentAgain(LedgerScene scene, ChargeLoadProcess load)
    {
        var restarted = scene.NewNode();
        await using var db = scene.Database.Open();
        var unanswered = load.Held.Except(load.Settled).Where((_, i) => i % 2 == 0).ToList();
        var holds = await db.Holds.AsNoTracking().Where(h => unanswered.Contains(h.Id)).ToListAsync();
        foreach (var hold in holds)
        {
            var settle = WalletScene.Settle(hold.WalletId, hold.Id, ChargeLoad.TokensOf(hold.Id));
            var first = await scene.Done(settle, restarted);
            Assert.Equal(hold.State == HoldState.Posted, first.Replayed);
            var again = await scene.Done(settle, restarted);
            Assert.True(again.Replayed);
            Assert.Equal(first.Receipt!.ChargedNanos, again.Receipt!.ChargedNanos);
        }
    }

    /// <summary>Each posted hold was charged its own price, once, and nothing else was taken.</summary>
    private static async Task AssertCharges(LedgerScene scene)
    {
        await using var db = scene.Database.Open();
        var holds = await db.Holds.AsNoTracking().ToListAsync();
        var usage = (await db.UsageRecords.AsNoTracking().ToListAsync()).ToLookup(u => u.Id);
        Assert.DoesNotContain(holds, h => h.State == HoldState.Open);
        Assert.All(holds, hold => Assert.Equal(
            hold.State == HoldState.Posted ? [ChargeLoad.TokensOf(hold.Id) * WalletScene.NanosPerToken] : Array.Empty<long>(), usage[hold.Id].Select(u => u.ChargedNanos)));
        foreach (var wallet in scene.Wallets)
        {
            var charged = holds.Where(h => h.WalletId == wallet && h.State == HoldState.Posted).Sum(h => ChargeLoad.TokensOf(h.Id) * WalletScene.NanosPerToken);
            Assert.Equal(Money.FromAmount(Yuan).Nanos - charged, (await scene.View(wallet)).Spendable.Nanos);
        }
    }
}
