using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Billing;

/// <summary>The page of saved cards, as a person works it.</summary>
public sealed class CardsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "Add a card", "Make default: Visa •••• 4242", "Default", "Remove", "Add this much (yuan)", "Save", "On")]
    [InlineData("zh-CN", "添加银行卡", "设为默认：Visa •••• 4242", "默认", "移除", "每次充值（元）", "保存", "已开启")]
    public async Task A_person_saves_two_cards_chooses_one_and_removes_the_other(
        string language, string add, string makeDefault, string isDefault, string remove, string amount, string save, string on)
    {
        var person = await App.AddPersonAsync($"cards.{language}@example.com", language);
        var visitor = await ArriveAsAsync(person.Email, new Look(language));
        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = add, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".empty")).ToBeVisibleAsync();

        await AddAsync(visitor, add, "4242 4242 4242 4242");
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Status).First).ToContainTextAsync("Visa •••• 4242");
        await AddAsync(visitor, add, "5555 5555 5555 4444");
        var cards = visitor.Content.Locator(".cards li");
        await Assertions.Expect(cards).ToHaveCountAsync(2);
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = makeDefault }).ClickAsync();
        await Assertions.Expect(cards.First).ToContainTextAsync("Visa •••• 4242");
        await Assertions.Expect(cards.First).ToContainTextAsync(isDefault);

        await cards.Nth(1).Locator(".card-remove").ClickAsync();
        await visitor.Dialog.GetByRole(AriaRole.Button, new() { Name = remove, Exact = true }).ClickAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(1);

        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Switch).CheckAsync();
        await visitor.FillAsync(amount, "50.005");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = save, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("99.50");
        await visitor.FillAsync(amount, "50");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = save, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("section[aria-labelledby=auto-top-up] .badge")).ToContainTextAsync(on);
        await visitor.AssertPageIsGoodAsync($"billing-auto-{language}");
    }

    private static async Task AddAsync(Visitor visitor, string add, string number)
    {
        await visitor.ClickAsync(add);
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await visitor.Page.Locator("#number").FillAsync(number);
        await visitor.Page.Locator("#expiry").FillAsync("12/34");
        await visitor.Page.Locator("#cvc").FillAsync("123");
        await visitor.Page.Locator("form button[type=submit]").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/billing/cards?added=true");
    }
}
