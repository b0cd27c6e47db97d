using Microsoft.Playwright;
using Portal.Tests.Browser;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Cards;

/// <summary>The page of saved cards, as a person works it.</summary>
public sealed class CardsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory, InlineData("en"), InlineData("zh-CN")]
    public async Task A_person_saves_two_cards_chooses_one_and_removes_the_other(string language)
    {
        var words = Words.In(language);
        var person = await App.AddPersonAsync($"cards.{language}@example.com", language);
        var visitor = await ArriveAsync(new Look(language));
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = words.Add, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".empty")).ToBeVisibleAsync();

        await AddAsync(visitor, words, "4242 4242 4242 4242");
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Status).First).ToContainTextAsync("Visa •••• 4242");
        await AddAsync(visitor, words, "5555 5555 5555 4444");
        var cards = visitor.Content.Locator(".cards li");
        await Assertions.Expect(cards).ToHaveCountAsync(2);
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = words.MakeDefault }).ClickAsync();
        await Assertions.Expect(cards.First).ToContainTextAsync("Visa •••• 4242");
        await Assertions.Expect(cards.First).ToContainTextAsync(words.Default);

        await cards.Nth(1).Locator(".card-remove").ClickAsync();
        await visitor.Dialog.GetByRole(AriaRole.Button, new() { Name = words.Remove, Exact = true }).ClickAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(1);

        await visitor.GoToAsync("/billing");
        await visitor.Content.GetByRole(AriaRole.Switch).CheckAsync();
        await visitor.FillAsync(words.Amount, "50.005");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = words.Save, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("99.50");
        await visitor.FillAsync(words.Amount, "50");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = words.Save, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("section[aria-labelledby=auto-top-up] .badge")).ToContainTextAsync(words.On);
        await visitor.AssertPageIsGoodAsync($"billing-auto-{language}");
    }

    private static async Task AddAsync(Visitor visitor, Words words, string number)
    {
        await visitor.ClickAsync(words.Add);
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await visitor.Page.Locator("#number").FillAsync(number);
        await visitor.Page.Locator("#expiry").FillAsync("12/34");
        await visitor.Page.Locator("#cvc").FillAsync("123");
        await visitor.Page.Locator("form button[type=submit]").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/billing/cards?added=true");
    }

    private sealed record Words(string Add, string MakeDefault, string Default, string Remove, string Amount, string Save, string On)
    {
        public static Words In(string language) => language == "en"
            ? new("Add a card", "Make default: Visa •••• 4242", "Default", "Remove", "Add this much (yuan)", "Save", "On")
            : new("添加银行卡", "设为默认：Visa •••• 4242", "默认", "移除", "每次充值（元）", "保存", "已开启");
    }
}
