using Microsoft.EntityFrameworkCore;
using Portal.Billing.PriceChanges;
using Portal.Billing.PriceChanges.Views;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.PriceChanges;

/// <summary>Subscribers go over to a newer version at a renewal of which they were told, and nothing that runs is touched.</summary>
public sealed class PlanMovesTests
{
    private const string Basic = "image-basic";

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_editing_a_plan_changes_no_balance_and_no_allowance_and_moves_who_was_told_at_their_renewal(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var billing = scene.Billing;
        var (one, other) = (await SubscriberAsync(scene), await SubscriberAsync(scene));
        await billing.BurnAsync(one.AccountId, Unit.Images, 120);
        var before = (await StandAsync(scene, one), await StandAsync(scene, other));

        await scene.SellAsync(Basic, p => p with { Price = 109, IncludedUnits = 100 });
        var moves = (await scene.Moves.Read(scene.Administrator, Basic)).Value;
        Assert.Equal((2, 2, 99m, 109m), (moves.Groups.Single().Subscribers, moves.Groups.Single().Free, moves.Rows[0].Before.Amount, moves.Rows[0].After.Amount));
        Assert.Equal(2, (await scene.Moves.Ask(scene.Administrator, Basic)).Value);
        Assert.Equal(0, (await scene.Moves.Ask(scene.Administrator, Basic)).Value);
        Assert.Equal(2, await scene.Mover.Run());
        Assert.Equal(0, await scene.Mover.Run());
        Assert.Equal(before, (await StandAsync(scene, one), await StandAsync(scene, other)));
        Assert.Equal(2, (await scene.Moves.Read(scene.Administrator, Basic)).Value.Groups.Single().Told);
        await using (var db = billing.Open()) Assert.Equal(2, await db.OutboxMails.CountAsync(m => m.DedupKey.StartsWith("plan.move:")));

        // Taken back until the renewal: told so, and nothing else.
        Assert.Null((await scene.Moves.TakeBack(scene.Administrator, await SubscriptionAsync(scene, other))).Refusal);
        Assert.Equal("catalog.move-over", (await scene.Moves.TakeBack(scene.Administrator, await SubscriptionAsync(scene, other))).Refusal?.Code);
        Assert.Equal(before, (await StandAsync(scene, one), await StandAsync(scene, other)));

        billing.Time.SetUtcNow((await billing.Subscriptions.Current(one.AccountId))!.PeriodEnd);
        Assert.Equal(2, (await billing.RenewAsync()).Renewed);
        Assert.Equal((2, 100L, 391.80m - 99 - 109), await AfterAsync(scene, one));
        Assert.Equal((1, 500L, 391.80m - 99 - 99), await AfterAsync(scene, other));
        Assert.Equal(1, await scene.Mover.Run());
        Assert.Equal("catalog.move-over", (await scene.Moves.TakeBack(scene.Administrator, await SubscriptionAsync(scene, one))).Refusal?.Code);
        Assert.Equal((2, 100L, 391.80m - 99 - 109), await AfterAsync(scene, one));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Who_cannot_be_told_in_time_moves_at_the_renewal_after_the_next(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var billing = scene.Billing;
        var customer = await SubscriberAsync(scene);
        var ends = (await billing.Subscriptions.Current(customer.AccountId))!.PeriodEnd;
        billing.Time.SetUtcNow(ends - PlanMoveRun.Notice + TimeSpan.FromSeconds(1));
        await scene.SellAsync(Basic, p => p with { Price = 109 });

        Assert.Equal(1, (await scene.Moves.Ask(scene.Administrator, Basic, await SubscriptionAsync(scene, customer))).Value);
        Assert.Equal(0, await scene.Mover.Run());
        Assert.Equal(PlanMoveState.Waiting, (await scene.Moves.Read(scene.Administrator, Basic)).Value.Rows.Single().State);
        billing.Time.SetUtcNow(ends);
        await billing.RenewAsync();
        Assert.Equal(1, (await billing.Subscriptions.Current(customer.AccountId))!.Plan.Version);
        Assert.Equal(1, await scene.Mover.Run());

        // They are told, and keep the plan that they have in vain: the order stands.
        Assert.Null((await billing.Desk.Keep(customer)).Refusal);
        Assert.Equal(1, await scene.Mover.Run());
        var told = (await billing.Subscriptions.Current(customer.AccountId))!;
        Assert.Equal((109m, 2, true), (told.NextPrice.Amount.Amount, told.Next!.Version, told.IsMoved));
        billing.Time.SetUtcNow(told.PeriodEnd);
        await billing.RenewAsync();
        Assert.Equal(2, (await billing.Subscriptions.Current(customer.AccountId))!.Plan.Version);
    }

    [Fact]
    public async Task Who_leaves_changes_plans_or_has_added_what_is_no_longer_offered_is_not_moved()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var billing = scene.Billing;
        var school = await billing.OpenAccountAsync(AccountKind.Organisation, credit: 5000);
        var extended = (await billing.Desk.Quote(school, "edu-starter", new PlanExtras(0, 2))).Value;
        Assert.Null((await billing.Desk.Choose(school, extended, "form")).Refusal);
        await scene.SellAsync("edu-starter", p => p with { Price = 279, PerExtraConcurrent = null });
        Assert.Equal("catalog.move-bound", (await scene.Moves.Ask(scene.Administrator, "edu-starter", await SubscriptionAsync(scene, school))).Refusal?.Code);

        var (leaving, changing) = (await SubscriberAsync(scene, 2000), await SubscriberAsync(scene, 2000));
        await scene.SellAsync(Basic, p => p with { Price = 109 });
        Assert.Equal(2, (await scene.Moves.Ask(scene.Administrator, Basic)).Value);
        await billing.Desk.Cancel(leaving);
        Assert.Equal(1, await scene.Mover.Run());
        Assert.Null((await billing.ChooseAsync(changing, "image-advanced")).Refusal);
        Assert.Equal(1, await scene.Mover.Run());

        Assert.Null((await billing.Subscriptions.Current(leaving.AccountId))!.Next);
        Assert.Equal(("image-advanced", null), await billing.Subscriptions.Current(changing.AccountId) is { } now ? (now.Plan.Key, now.Next) : default);
        Assert.Equal(0, (await scene.Moves.Ask(scene.Administrator, Basic)).Value);
    }

    [Fact]
    public async Task An_order_for_a_version_between_gives_way_to_one_for_the_newest()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var customer = await SubscriberAsync(scene);
        await scene.SellAsync(Basic, p => p with { Price = 109 });
        await scene.Moves.Ask(scene.Administrator, Basic);
        await scene.Mover.Run();
        await scene.SellAsync(Basic, p => p with { Price = 89 });

        Assert.Equal(1, (await scene.Moves.Ask(scene.Administrator, Basic)).Value);
        Assert.Equal(1, await scene.Mover.Run());
        scene.Billing.Time.SetUtcNow((await scene.Billing.Subscriptions.Current(customer.AccountId))!.PeriodEnd);
        await scene.Billing.RenewAsync();

        Assert.Equal((3, 500L, 391.80m - 99 - 89), await AfterAsync(scene, customer));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Administrators_who_order_the_same_at_once_order_it_once(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        await SubscriberAsync(scene);
        await scene.SellAsync(Basic, p => p with { Price = 109 });

        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.Moves.Ask(scene.Administrator, Basic))));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => scene.Mover.Run())));

        Assert.Equal(1, asked.Sum(a => a.Value));
        await using var db = scene.Billing.Open();
        Assert.Equal((1, 1), (await db.PlanMoves.CountAsync(), await db.OutboxMails.CountAsync(m => m.DedupKey.StartsWith("plan.move:"))));
    }

    private static async Task<Caller> SubscriberAsync(CatalogueScene scene, decimal credit = 391.80m)
    {
        var caller = await scene.Billing.OpenAccountAsync(credit: credit);
        Assert.Null((await scene.Billing.ChooseAsync(caller, Basic)).Refusal);
        return caller;
    }

    private static async Task<Guid> SubscriptionAsync(CatalogueScene scene, Caller customer) => (await scene.Billing.Subscriptions.Current(customer.AccountId))!.Id;

    /// <summary>All that an account has, to the last unit, and the period that runs.</summary>
    private static async Task<string> StandAsync(CatalogueScene scene, Caller customer)
    {
        var (wallet, plan) = (await scene.Billing.WalletAsync(customer.AccountId), (await scene.Billing.Subscriptions.Current(customer.AccountId))!);
        return string.Join('\n', wallet.Accounts.Select(a => $"{a.Code} {a.Unit} {a.Balance} {a.Held} {a.ExpiresAt:O}").Order().Append($"{plan.Plan.Id} {plan.PeriodStart:O} {plan.PeriodEnd:O}"));
    }

    private static async Task<(int Version, long Units, decimal Money)> AfterAsync(CatalogueScene scene, Caller customer)
    {
        var wallet = await scene.Billing.WalletAsync(customer.AccountId);
        var plan = (await scene.Billing.Subscriptions.Current(customer.AccountId))!.Plan;
        return (plan.Version, wallet.Available(Unit.Images, LedgerCodes.Allowance), wallet.Purchased.Amount);
    }
}
