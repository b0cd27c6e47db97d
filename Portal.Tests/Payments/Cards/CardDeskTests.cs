using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Payments;
using Portal.Payments.Cards;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Cards;

/// <summary>Cards that are saved on the gateway's page, chosen and removed.</summary>
public sealed class CardDeskTests
{
    private const string Visa = "4242424242424242";
    private const string Mastercard = "5555555555554444";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_card_is_told_by_webhook_and_is_the_one_that_is_charged()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var page = (await AddAsync(scene)).Value;
        await scene.Host.PayAsync(page.Segments[^1], Mastercard, "08/31");

        await scene.Host.DeliverAsync();

        var card = Assert.Single(await scene.CardsAsync());
        Assert.Equal(("mastercard", "4444", 8, 2031, true, SavedCardState.Good), (card.Brand, card.Last4, card.ExpiryMonth, card.ExpiryYear, card.IsDefault, card.State));
        Assert.Equal(0, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task While_the_gateway_is_down_no_card_is_saved_and_a_double_click_later_opens_one_page_for_one_customer(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        Assert.Equal("card.unreachable", (await scene.Host.WhileTimePassesAsync(AddAsync(scene, "form-1"))).Refusal?.Code);
        scene.Host.Faults.Set(new FaultPlan());

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AddAsync(scene, "form-1")));

        Assert.Single(pages.Select(p => p.Value).Distinct());
        Assert.Single((await scene.Host.GetAsync("customers"))["data"]!.AsArray());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_tabs_that_save_the_same_card_have_saved_one_card(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var (first, second) = ((await AddAsync(scene)).Value, (await AddAsync(scene)).Value);

        await scene.Host.PayAsync(first.Segments[^1], Visa, "12/30");
        await scene.Host.PayAsync(second.Segments[^1], Visa, "12/34");
        await Task.WhenAll(scene.Host.DeliverAsync(), RefreshAsync(scene), RefreshAsync(scene));

        Assert.True(Assert.Single(await scene.CardsAsync()).IsDefault);
        Assert.Equal(1, await scene.Host.Get<CardDesk>().DetachRemoved(Cancel));
        await scene.Host.DeliverAsync();
        Assert.Single(await scene.CardsAsync());
        Assert.Equal(0, await scene.Host.Get<CardDesk>().DetachRemoved(Cancel));
        Assert.IsType<ChargeOutcome.Paid>(await scene.ChargeAsync());
    }

    [Fact]
    public async Task The_newest_card_is_charged_until_the_person_chooses_another()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var visa = await scene.SaveCardAsync(Visa);
        scene.Host.Time.Advance(TimeSpan.FromSeconds(2));
        await scene.SaveCardAsync(Mastercard);
        Assert.Equal(["4444", "4242"], (await scene.CardsAsync()).Select(c => c.Last4));

        await scene.Host.Get<CardDesk>().MakeDefault(scene.Customer, visa.Id, Cancel);
        await scene.Host.DeliverAsync();

        Assert.Equal([("4242", true), ("4444", false)], (await scene.CardsAsync()).Select(c => (c.Last4, c.IsDefault)));
        var paid = Assert.IsType<ChargeOutcome.Paid>(await scene.ChargeAsync());
        Assert.Equal("4242", (await scene.PaymentAsync(paid.PaymentId)).CardLast4);
    }

    [Fact]
    public async Task When_the_default_card_is_removed_another_takes_its_place_or_none_is_charged()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(Visa);
        scene.Host.Time.Advance(TimeSpan.FromSeconds(2));
        var chosen = await scene.SaveCardAsync(Mastercard);
        var desk = scene.Host.Get<CardDesk>();
        Assert.Equal("4242", chosen.Successor?.Last4);

        await desk.Remove(scene.Customer, chosen.Id, Cancel);
        var left = Assert.Single(await scene.CardsAsync());
        await desk.Remove(scene.Customer, left.Id, Cancel);

        Assert.Equal(("4242", true, null), (left.Last4, left.IsDefault, left.Successor));
        Assert.Empty(await scene.CardsAsync());
        Assert.IsType<ChargeOutcome.NoCard>(await scene.ChargeAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whatever_is_clicked_at_once_one_card_is_charged(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var (desk, old) = (scene.Host.Get<CardDesk>(), await scene.SaveCardAsync(Visa, "08/26"));
        scene.Host.Time.Advance(TimeSpan.FromSeconds(2));
        var (chosen, gone) = (await scene.SaveCardAsync(Mastercard), await scene.SaveCardAsync("6200000000000005"));

        await Task.WhenAll(
            [.. Enumerable.Range(0, 6).Select(i => desk.MakeDefault(scene.Customer, i % 2 == 0 ? old.Id : chosen.Id, Cancel)), desk.Remove(scene.Customer, gone.Id, Cancel)]);
        Assert.Single(await scene.CardsAsync(), c => c.IsDefault);

        // Where all that are left have ended, the newest stays the one: its bank may say that it lasts longer.
        scene.Host.Time.SetUtcNow(new DateTimeOffset(2026, 9, 1, 0, 0, 0, default));
        await desk.MakeDefault(scene.Customer, chosen.Id, Cancel);
        Assert.Null((await scene.CardsAsync())[0].Successor);
        await desk.Remove(scene.Customer, chosen.Id, Cancel);
        Assert.Equal((old.Id, true), (await scene.CardsAsync()).Select(c => (c.Id, c.IsDefault)).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B9_a_removed_card_stays_removed_however_late_or_often_its_events_come(bool down)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var card = await scene.SaveCardAsync();
        scene.Host.Faults.Set(new FaultPlan(ApiDown: down, Duplicates: 2, Reorder: true));

        var removed = await scene.Host.WhileTimePassesAsync(scene.Host.Get<CardDesk>().Remove(scene.Customer, card.Id, Cancel));
        await scene.Host.DeliverAsync();
        scene.Host.Faults.Set(new FaultPlan());
        await RefreshAsync(scene);

        Assert.Null(removed.Refusal);
        Assert.Empty(await scene.CardsAsync());
        Assert.Equal(down ? 1 : 0, await scene.Host.Get<CardDesk>().DetachRemoved(Cancel));
        await using var db = scene.Host.Database.Open();
        var kept = await db.SavedCards.Select(c => c.MethodId).SingleAsync(Cancel);
        Assert.Null((await scene.Host.GetAsync($"payment_methods/{kept}"))["customer"]);
    }

    [Fact]
    public async Task A_card_that_the_gateway_lets_go_of_is_not_charged_any_more()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync();
        await using (var db = scene.Host.Database.Open())
        {
            await scene.Host.PostAsync($"payment_methods/{await db.SavedCards.Select(c => c.MethodId).SingleAsync(Cancel)}/detach");
        }

        await scene.Host.DeliverAsync();

        Assert.Empty(await scene.CardsAsync());
    }

    [Fact]
    public async Task Other_peoples_cards_are_not_found_and_members_have_no_say()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var card = await scene.SaveCardAsync();
        var (desk, other, member) = (scene.Host.Get<CardDesk>(), await scene.OpenAccountAsync(), scene.Customer with { Role = MemberRole.Member });
        await scene.SaveCardAsync(Mastercard, caller: other);

        Assert.Equal(Refusal.NotFound, (await desk.MakeDefault(other, card.Id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Remove(other, card.Id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Remove(scene.Customer, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Read(member, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Remove(member, card.Id, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Add(member, new AddCardRequest("form-1", scene.Host.Address, "en"), Cancel)).Refusal);
        Assert.Equal(["4242"], (await scene.CardsAsync()).Select(c => c.Last4));
        Assert.Equal(["4444"], (await scene.CardsAsync(other)).Select(c => c.Last4));
    }

    [Fact]
    public async Task A_card_that_the_bank_declines_is_not_saved()
    {
        await using var scene = await PaymentScene.CreateAsync();
        foreach (var number in (string[])["4000000000000002", "4000000000000069", "4100000000000019"])
        {
            var (status, _, html) = await scene.Host.PayAsync((await AddAsync(scene)).Value.Segments[^1], number);

            Assert.Equal(402, status);
            Assert.Contains("role=\"alert\"", html, StringComparison.Ordinal);
        }
        await scene.Host.DeliverAsync();
        await RefreshAsync(scene);

        Assert.Empty(await scene.CardsAsync());
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_card_whose_bank_asks_is_saved_once_its_holder_confirmed(bool confirms, int cards)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (_, bank, _) = await scene.Host.PayAsync((await AddAsync(scene)).Value.Segments[^1], "4000002500003155");

        await scene.Host.AuthenticateAsync(bank!, confirms);
        await scene.Host.DeliverAsync();

        Assert.Equal(cards, (await scene.CardsAsync()).Count);
        Assert.Equal(confirms, await scene.ChargeAsync() is ChargeOutcome.Paid);
    }

    [Fact]
    public async Task The_card_that_pays_a_top_up_is_saved_when_the_box_was_ticked()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var cards = new List<int>();
        foreach (var ticked in (bool[])[false, true])
        {
            var started = await scene.Host.Get<TopUps>().Start(scene.Customer, new TopUpRequest("100", $"form {ticked}", scene.Host.Address, "en", "Credit", ticked), Cancel);
            await scene.Host.PayAsync(started.Value.Segments[^1], Visa);
            await scene.Host.DeliverAsync();
            cards.Add((await scene.CardsAsync()).Count);
        }

        Assert.Equal([0, 1], cards);
        Assert.Equal(200, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_card_says_that_it_ends_soon_and_that_it_has_ended()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var states = new List<SavedCardState> { (await scene.SaveCardAsync(Visa, "08/26")).State };
        foreach (var day in (DateTimeOffset[])[new(2026, 8, 2, 1, 0, 0, default), new(2026, 8, 31, 23, 59, 59, default), new(2026, 9, 1, 0, 0, 0, default)])
        {
            scene.Host.Time.SetUtcNow(day);
            states.Add((await scene.CardsAsync())[0].State);
        }

        Assert.Equal([SavedCardState.Good, SavedCardState.ExpiresSoon, SavedCardState.ExpiresSoon, SavedCardState.Expired], states);
    }

    private static Task<Outcome<Uri>> AddAsync(PaymentScene scene, string? formKey = null) =>
        scene.Host.Get<CardDesk>().Add(scene.Customer, new AddCardRequest(formKey ?? $"{Guid.NewGuid():N}", scene.Host.Address, "en"), Cancel);

    private static Task<Outcome<Done>> RefreshAsync(PaymentScene scene) => scene.Host.Get<CardDesk>().Refresh(scene.Customer, Cancel);
}
