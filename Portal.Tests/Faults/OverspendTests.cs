using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Tests.Faults.Crash;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults;

/// <summary>F8: a thousand spends at once where the balance covers a hundred.</summary>
public sealed class OverspendTests
{
    private const int Spends = 1000;
    private const int Covered = 100;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F8_Of_1000_concurrent_spends_with_funds_for_100_exactly_100_succeed(DatabaseProvider provider)
    {
        await using var scene = await Funded(provider);

        var outcomes = await SpendOn(scene, scene.Ledger, Spends);

        await AssertExact(scene, outcomes);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F8_Exactly_100_succeed_over_two_nodes_that_each_remember_the_wallet(DatabaseProvider provider)
    {
        await using var scene = await Funded(provider);

        var outcomes = await Task.WhenAll(SpendOn(scene, scene.NewNode(), Spends / 2), SpendOn(scene, scene.NewNode(), Spends / 2));

        await AssertExact(scene, [.. outcomes.SelectMany(o => o)]);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F8_Exactly_100_succeed_over_two_processes(DatabaseProvider provider)
    {
        await using var scene = await Funded(provider);
        var starting = (ChargeLoadProcess.Start(scene, Spends / 2, 1), ChargeLoadProcess.Start(scene, Spends / 2, 1));
        await using var one = await starting.Item1;
        await using var other = await starting.Item2;

        await Task.WhenAll(one.Go(), other.Go());
        await Task.WhenAll(one.ReadToEnd(), other.ReadToEnd());

        Assert.Equal(Covered, one.Settled.Concat(other.Settled).Distinct().Count());
        await AssertExact(scene, [.. one.Refused.Concat(other.Refused), .. Enumerable.Repeat<string?>(null, Covered)]);
    }

    private static Task<LedgerScene> Funded(DatabaseProvider provider) => LedgerScene.Start(provider, yuan: Covered * ChargeLoad.TokensHeld / 1000m);

    private static Task<string?[]> SpendOn(LedgerScene scene, LedgerWriter node, int spends) =>
        Task.WhenAll(Enumerable.Range(0, spends).Select(_ => Task.Run(() => scene.Spend(node, ChargeLoad.TokensHeld))));

    private static async Task AssertExact(LedgerScene scene, string?[] outcomes)
    {
        Assert.Equal((Covered, Spends - Covered), (outcomes.Count(code => code is null), outcomes.Count(code => code == "funds.short")));
        var view = await scene.View();
        Assert.Equal((0, 0), (view.Spendable.Nanos, view.Held.Nanos));
        await Books.AssertClean(scene.Database.Factory, scene.Time);
    }
}
