using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Billing;

/// <summary>The page of saved cards, as a person works it.</summary>
public sealed class CardsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_person_saves_two_cards_chooses_one_and_removes_the_other()
    {
        var person = await App.AddPersonAsync("cards@example.com");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = "Add a card", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".empty")).ToBeVisibleAsync();

        await AddAsync(visitor, "4242 4242 4242 4242");
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Status).First).ToContainTextAsync("Visa •••• 4242");
        await AddAsync(visitor, "5555 5555 5555 4444");
        var cards = visitor.Content.Locator(".cards li");
        await Assertions.Expect(cards).ToHaveCountAsync(2);
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Make default: Visa •••• 4242" }).ClickAsync();
        await Assertions.Expect(cards.First).ToContainTextAsync("Visa •••• 4242");
        await Assertions.Expect(cards.First).ToContainTextAsync("Default");

        await cards.Nth(1).Locator(".card-remove").ClickAsync();
        await visitor.Dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(1);

        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Switch).CheckAsync();
        await visitor.FillAsync("Add this much (yuan)", "50.005");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("99.50");
        await visitor.FillAsync("Add this much (yuan)", "50");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("section[aria-labelledby=auto-top-up] .badge")).ToContainTextAsync("On");
        await visitor.AssertPageIsGoodAsync("billing-auto");
    }

    private static async Task AddAsync(Visitor visitor, string number)
    {
        await visitor.ClickAsync("Add a card");
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await visitor.Page.Locator("#number").FillAsync(number);
        await visitor.Page.Locator("#expiry").FillAsync("12/34");
        await visitor.Page.Locator("#cvc").FillAsync("123");
        await visitor.Page.Locator("form button[type=submit]").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/billing/cards?added=true");
    }
}
