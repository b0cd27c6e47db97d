using Microsoft.Playwright;
using Portal.Tests.Browser;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>The billing page and the hosted payment page, as a person works them.</summary>
public sealed class BillingPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory, InlineData("en"), InlineData("zh-CN")]
    public async Task A_person_tops_up_after_a_decline_and_sees_the_balance(string language)
    {
        var words = Words.In(language);
        var person = await App.AddPersonAsync($"billing.{language}@example.com", language);
        var visitor = await ArriveAsync(new Look(language));
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/billing");

        await visitor.OpenDialogAsync(words.TopUp, words.TopUp);
        await visitor.FillAsync(words.Amount, "0");
        await visitor.ClickAsync(words.Proceed);
        await Assertions.Expect(visitor.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(words.NotPositive);
        await visitor.FillAsync(words.Amount, "99.50");
        await visitor.ClickAsync(words.Proceed);

        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await PayAsync(visitor, words, "4000000000009995");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words.InsufficientFunds);
        await PayAsync(visitor, words, "4242 4242 4242 4242");

        await visitor.Page.WaitForURLAsync("**/billing?payment=*");
        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥99.50");
        await Assertions.Expect(visitor.Content.Locator(".payment")).ToContainTextAsync("4242");
    }

    [Fact]
    public async Task The_balance_changes_in_every_open_window_without_a_reload()
    {
        var person = await App.AddPersonAsync("two.windows@example.com");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/billing");
        var watching = await visitor.Page.Context.NewPageAsync();
        await watching.GotoAsync("/billing");
        var balance = watching.Locator(".balance .figure-large");
        await Assertions.Expect(balance).ToHaveTextAsync("¥0.00");

        await TopUpAsync(visitor, "4242424242424242");

        await Assertions.Expect(balance).ToHaveTextAsync("¥100.00");
        await Assertions.Expect(watching.Locator(".payment")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_person_who_leaves_the_payment_page_can_go_on_later()
    {
        var person = await App.AddPersonAsync("leaves@example.com");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/billing?topup=true");
        await visitor.ClickAsync(Words.English.Proceed);
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Back without paying" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/billing?left=*");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("You left the payment page");
        await visitor.AssertPageIsGoodAsync("billing-left-later");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = "Continue to pay ¥100.00" }).First.ClickAsync();
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await PayAsync(visitor, Words.English, "4000000000003220");
        await visitor.AssertPageIsGoodAsync("checkout-confirm");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, confirm" }).ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥100.00");
    }

    private static async Task TopUpAsync(Visitor visitor, string card)
    {
        await visitor.OpenDialogAsync(Words.English.TopUp, Words.English.TopUp);
        await visitor.ClickAsync(Words.English.Proceed);
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await PayAsync(visitor, Words.English, card);
        await visitor.Page.WaitForURLAsync("**/billing?payment=*");
    }

    private static async Task PayAsync(Visitor visitor, Words words, string card)
    {
        await visitor.Page.Locator("#number").FillAsync(card);
        await visitor.Page.Locator("#expiry").FillAsync("12/34");
        await visitor.Page.Locator("#cvc").FillAsync("123");
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new(words.Pay) }).DblClickAsync();
    }

    private sealed record Words(string TopUp, string Amount, string Proceed, string Pay, string NotPositive, string InsufficientFunds)
    {
        public static Words English { get; } = new("Top up", "Amount in yuan", "Continue to payment", "^Pay ", "above zero", "insufficient funds");

        private static Words Chinese { get; } = new("充值", "金额（元）", "前往支付", "^支付", "大于零", "余额不足");

        public static Words In(string language) => language == "en" ? English : Chinese;
    }
}
