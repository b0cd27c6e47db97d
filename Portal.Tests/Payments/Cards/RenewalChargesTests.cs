using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Cards;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Cards;

/// <summary>Cards that pay the renewals that balances cannot.</summary>
public sealed class RenewalChargesTests
{
    private const string Declined = "4000000000000341";
    private const string Good = "4242424242424242";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_missing_is_charged_once_and_the_plan_goes_on_without_a_word(DatabaseProvider provider)
    {
        await using var scene = await SubscribedAsync(Good, provider);
        await using var other = await scene.Host.StartOtherNodeAsync();

        await scene.Host.Get<RenewalRun>().Run(Cancel);
        var renewed = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? scene.Host : other).Get<RenewalCharges>().Run(Cancel)));
        await scene.Host.DeliverAsync();
        await scene.Host.Get<RenewalCharges>().Run(Cancel);

        Assert.Equal(1, renewed.Sum());
        Assert.Equal((SubscriptionStatus.Active, 0m), (await StatusAsync(scene), await scene.BalanceAsync()));

        // 20 were left of the balance: 79 of the fee were missing.
        Assert.Equal([79m], (await scene.PaymentsAsync()).Where(p => p.MethodId is not null).Select(p => new Money(p.AmountNanos).Amount));
        await using var db = scene.Host.Database.Open();
        Assert.Empty(await db.OutboxMails.Where(m => m.DedupKey.StartsWith("plan.")).ToListAsync());
    }

    [Fact]
    public async Task A_soft_decline_is_tried_again_after_2_5_7_and_7_days_with_a_letter_each_and_then_the_plan_ends()
    {
        await using var scene = await SubscribedAsync(Declined);
        var since = scene.Host.Time.GetUtcNow();
        var days = new List<int>();
        for (var day = 0; day <= 22; day++)
        {
            var before = (await scene.PaymentsAsync()).Count;
            await RunAsync(scene);
            if ((await scene.PaymentsAsync()).Count > before) days.Add((scene.Host.Time.GetUtcNow() - since).Days);
            scene.Host.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([0, 2, 7, 14, 21], days);
        Assert.Equal(SubscriptionStatus.Canceled, await StatusAsync(scene));
        await using var db = scene.Host.Database.Open();
        var subjects = await db.OutboxMails.Where(m => m.DedupKey.StartsWith("plan.")).OrderBy(m => m.CreatedAt).Select(m => m.Subject).ToListAsync();
        Assert.Equal(4, subjects.Count(s => s == "Your card did not pay for Basic"));
        Assert.Equal(["Your card cannot pay for Basic", "Your Basic plan has ended"], subjects.TakeLast(2));
        Assert.Contains(await db.OutboxMails.Select(m => m.Html).ToListAsync(), html => html.Contains("We try the card again on 3 August 2026", StringComparison.Ordinal));
        Assert.Equal(20, await scene.BalanceAsync());
        await SendAsync(scene);
    }

    [Fact]
    public async Task A_card_that_is_worth_no_other_try_ends_the_attempts_and_the_grace_the_plan()
    {
        // Good until the end of July.
        await using var scene = await SubscribedAsync(Good, expiry: "07/26");
        for (var day = 0; day <= 15; day++)
        {
            await RunAsync(scene);
            scene.Host.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(SubscriptionStatus.Canceled, await StatusAsync(scene));
        Assert.Single(await scene.PaymentsAsync(), p => p.MethodId is not null);
        await SendAsync(scene);
    }

    [Fact]
    public async Task Another_card_and_a_top_up_pay_at_once()
    {
        await using var scene = await SubscribedAsync(Declined);
        await using var second = await SubscribedAsync(Declined);
        await RunAsync(scene);
        await RunAsync(second);
        Assert.Equal(SubscriptionStatus.PastDue, await StatusAsync(scene));

        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        await scene.SaveCardAsync(Good);
        await scene.Host.Get<CardDesk>().MakeDefault(scene.Customer, (await scene.CardsAsync()).Single(c => c.Last4 == "4242").Id, Cancel);
        Assert.Equal(1, await scene.Host.Get<RenewalCharges>().Run(Cancel));
        await second.TopUpAsync("79");

        Assert.Equal((SubscriptionStatus.Active, SubscriptionStatus.Active), (await StatusAsync(scene), await StatusAsync(second)));
        await SendAsync(scene);
        await SendAsync(second);
    }

    [Fact]
    public async Task Of_less_than_the_gateway_takes_the_least_is_charged_and_the_rest_is_credit()
    {
        await using var scene = await SubscribedAsync(Good);
        await scene.TopUpAsync("78.50");

        await RunAsync(scene);
        await scene.Host.DeliverAsync();

        Assert.Equal([1m], (await scene.PaymentsAsync()).Where(p => p.MethodId is not null).Select(p => new Money(p.AmountNanos).Amount));
        Assert.Equal((SubscriptionStatus.Active, 0.50m), (await StatusAsync(scene), await scene.BalanceAsync()));
    }

    [Fact]
    public async Task Cards_that_are_added_and_removed_again_leave_nothing_to_be_tried()
    {
        await using var scene = await SubscribedAsync(Declined);
        await RunAsync(scene);
        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        await scene.SaveCardAsync(Good);
        Assert.Single(await scene.Host.Get<Dunning>().Due(Cancel));

        foreach (var card in await scene.CardsAsync()) Assert.Null((await scene.Host.Get<CardDesk>().Remove(scene.Customer, card.Id, Cancel)).Refusal);

        Assert.Empty(await scene.Host.Get<Dunning>().Due(Cancel));
        await SendAsync(scene);
    }

    [Fact]
    public async Task B16_an_answer_that_is_lost_is_asked_for_again_and_the_card_is_charged_once()
    {
        await using var scene = await SubscribedAsync(Good);
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, LoseWebhooks: true));
        await scene.Host.WhileTimePassesAsync(scene.Host.Get<RenewalCharges>().Run(Cancel));
        Assert.Equal(SubscriptionStatus.PastDue, await StatusAsync(scene));
        scene.Host.Faults.Set(new FaultPlan());

        await scene.Host.Get<RenewalCharges>().Run(Cancel);

        Assert.Equal(SubscriptionStatus.Active, await StatusAsync(scene));
        Assert.Single(await scene.PaymentsAsync(), p => p.MethodId is not null);
    }

    [Fact]
    public async Task An_attempt_that_was_listed_before_a_top_up_renewed_the_plan_charges_nothing()
    {
        await using var scene = await SubscribedAsync(Good);
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        var listed = Assert.Single(await scene.Host.Get<Dunning>().Due(Cancel));
        await scene.TopUpAsync("79");

        Assert.False(await scene.Host.Get<RenewalCharges>().Try(listed, Cancel));

        Assert.Equal(SubscriptionStatus.Active, await StatusAsync(scene));
        Assert.DoesNotContain(await scene.PaymentsAsync(), p => p.MethodId is not null);
    }

    [Fact]
    public async Task A_charge_that_never_arrived_is_not_made_once_the_plan_is_paid_otherwise()
    {
        await using var scene = await SubscribedAsync(Good);
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        await scene.Host.WhileTimePassesAsync(scene.Host.Get<RenewalCharges>().Run(Cancel));
        scene.Host.Faults.Set(new FaultPlan());
        await scene.TopUpAsync("79");
        Assert.Equal(SubscriptionStatus.Active, await StatusAsync(scene));
        scene.Host.Time.Advance(TimeSpan.FromHours(1));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);

        Assert.Equal((PaymentStatus.Failed, "never-arrived"), (await scene.PaymentsAsync()).Where(p => p.MethodId is not null).Select(p => (p.Status, p.FailureCode)).Single());
        Assert.Equal(0, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Another_card_takes_back_the_charge_that_waits_to_be_confirmed()
    {
        await using var scene = await SubscribedAsync("4000000000003220");
        await RunAsync(scene);
        var waiting = Assert.Single(await scene.PaymentsAsync(), p => p.MethodId is not null);
        Assert.Equal((PaymentStatus.Pending, SubscriptionStatus.PastDue), (waiting.Status, await StatusAsync(scene)));
        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        await scene.SaveCardAsync(Good);
        await scene.Host.Get<CardDesk>().MakeDefault(scene.Customer, (await scene.CardsAsync()).Single(c => c.Last4 == "4242").Id, Cancel);

        Assert.Equal(1, await scene.Host.Get<RenewalCharges>().Run(Cancel));

        Assert.Equal((PaymentStatus.Failed, SubscriptionStatus.Active), ((await scene.PaymentAsync(waiting.Id)).Status, await StatusAsync(scene)));
        await SendAsync(scene);
    }

    [Fact]
    public async Task What_is_paid_otherwise_can_not_be_confirmed_any_more()
    {
        await using var scene = await SubscribedAsync("4000000000003220");
        await RunAsync(scene);
        var waiting = Assert.Single(await scene.PaymentsAsync(), p => p.MethodId is not null);
        await scene.TopUpAsync("79");

        var page = await scene.Host.Get<OffSessionCharges>().Confirm(scene.Customer, waiting.Id, scene.Host.Address, Cancel);

        Assert.Equal(new Uri(scene.Host.Address, $"billing?payment={waiting.Id}"), page.Value);
        Assert.Equal(PaymentStatus.Failed, (await scene.PaymentAsync(waiting.Id)).Status);
        await SendAsync(scene);
    }

    /// <summary>Basic from the first of July on, twenty yuan beside it, a card, and the renewal due.</summary>
    internal static async Task<PaymentScene> SubscribedAsync(string card, DatabaseProvider provider = DatabaseProvider.Sqlite, string expiry = "12/34")
    {
        var scene = await PaymentScene.CreateAsync(provider);
        await scene.Host.Get<CatalogLoader>().Load(Cancel);
        await Books.TopUp(scene.Host.Database.Factory, scene.Host.Time, scene.Customer.AccountId, 119);
        var desk = scene.Host.Get<PlanDesk>();
        Assert.Null((await desk.Choose(scene.Customer, (await desk.Quote(scene.Customer, "image-basic", cancel: Cancel)).Value, "token", Cancel)).Refusal);
        await scene.SaveCardAsync(card, expiry);
        scene.Host.Time.Advance(TimeSpan.FromDays(31));
        return scene;
    }

    /// <summary>Nobody sends the letters here; the scene proves the books when it ends.</summary>
    internal static async Task SendAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        await db.OutboxMails.ExecuteUpdateAsync(set => set.SetProperty(m => m.SentAt, scene.Host.Time.GetUtcNow()));
    }

    private static async Task RunAsync(PaymentScene scene)
    {
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        await scene.Host.Get<RenewalCharges>().Run(Cancel);
    }

    private static async Task<SubscriptionStatus> StatusAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        return (await db.Subscriptions.AsNoTracking().SingleAsync()).Status;
    }
}
