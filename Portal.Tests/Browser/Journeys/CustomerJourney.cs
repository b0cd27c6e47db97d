using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Data.Payments;
using Portal.Inference;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Journeys;

/// <summary>The way of somebody who comes with nothing and leaves with a plan, two answers and a balance.</summary>
public sealed class CustomerJourney(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string Email = "lin@journey.example";

    // shared/facts/catalog.json, in its order.
    private static readonly (string Name, string Price)[] Plans =
    [
        ("Basic", "¥99.00"), ("Advanced", "¥399.00"), ("Professional", "¥999.00"),
        ("Education Starter", "¥299.00"), ("Education Standard", "¥999.00"), ("Education Professional", "¥3,999.00"), ("Education Enterprise", "¥14,999.00"),
    ];

    [Fact]
    public async Task A_person_registers_tops_up_chooses_a_plan_prompts_and_finds_it_all_again()
    {
        await App.Services.GetRequiredService<ModelHost>().Ready;
        var visitor = await ArriveAsync();
        await RegisterAsync(visitor);
        await TopUpAfterADeclineAsync(visitor);
        await ChooseAPlanAsync(visitor);
        await PromptAsync(visitor);
        await SeeUsageAsync(visitor);

        await visitor.SignOutAsync();
        await visitor.SignInAsync(Email, People.Password);

        // The text prompt cost less than a fen: what is left is never shown as more than it is.
        await Assertions.Expect(visitor.Page.Locator("header .pill")).ToContainTextAsync("¥100.99");
        await visitor.KeepScreenshotAsync("journey-customer-back");
        await visitor.NavigateAsync("Plans");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("You are on Basic");
        await SeeUsageAsync(visitor);
        await Books.AssertClean(App.Database.Factory);
    }

    private async Task RegisterAsync(Visitor visitor)
    {
        await visitor.GoToAsync("/account/login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Create one" }).ClickAsync();
        // The page before has a field of the same name.
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Create your account" })).ToBeVisibleAsync();
        await visitor.FillAsync("E-mail", Email);
        await visitor.ClickAsync("Create account");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("Check your mail");
        await visitor.Content.Locator("a[href='/dev/mail']").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/dev/mail");
        await visitor.FollowLetterAsync(App, Email, "registration");
        await visitor.FillAsync("Your name", "Lin");
        await visitor.FillAsync("Password", People.Password);
        await visitor.ClickAsync("Start");
        await visitor.ReadyAsync();
        await Assertions.Expect(visitor.Page.Locator("header .pill")).ToContainTextAsync("¥0.00");
        await visitor.KeepScreenshotAsync("journey-customer-begins");
    }

    private async Task TopUpAfterADeclineAsync(Visitor visitor)
    {
        var elsewhere = await visitor.Page.Context.NewPageAsync();
        await elsewhere.GotoAsync("/api-keys");
        await Assertions.Expect(elsewhere.Locator("header .pill")).ToContainTextAsync("¥0.00");

        await visitor.NavigateAsync("Billing");
        await visitor.StartTopUpAsync("200");
        await visitor.PayAsync(Steps.DeclinedCard);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("declined. Nothing was charged");
        await visitor.KeepScreenshotAsync("journey-customer-declined");
        await visitor.PayAsync(Steps.GoodCard);
        await visitor.Page.WaitForURLAsync("**/billing?payment=*");

        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥200.00");
        await Assertions.Expect(visitor.Content.Locator(".payment")).ToHaveCountAsync(1);
        await Assertions.Expect(elsewhere.Locator("header .pill")).ToContainTextAsync("¥200.00");
        await visitor.KeepScreenshotAsync("journey-customer-topped-up");
        await elsewhere.CloseAsync();
        await using var db = App.Database.Open();
        Assert.Equal(1, await db.Payments.CountAsync(p => p.Status == PaymentStatus.Succeeded, TestContext.Current.CancellationToken));
    }

    private static async Task ChooseAPlanAsync(Visitor visitor)
    {
        await visitor.NavigateAsync("Plans");
        var cards = visitor.Content.Locator("article.plan");
        await Assertions.Expect(cards.GetByRole(AriaRole.Heading)).ToHaveTextAsync(Plans.Select(p => p.Name));
        await Assertions.Expect(cards.Locator(".plan-price strong")).ToHaveTextAsync(Plans.Select(p => p.Price));

        await visitor.OpenDialogAsync("Choose Basic", "Choose Basic");
        await visitor.KeepScreenshotAsync("journey-customer-plan");
        await visitor.Button("Pay ¥99.00").DblClickAsync();
        await visitor.DialogClosedAsync();

        await Assertions.Expect(visitor.Content).ToContainTextAsync("You are on Basic");
        await Assertions.Expect(visitor.Page.Locator("header .pill")).ToContainTextAsync("¥101.00");
    }

    private static async Task PromptAsync(Visitor visitor)
    {
        await visitor.NavigateAsync("Playground");
        await visitor.WritePromptAsync(picture: false, "How do I top up?");
        await visitor.KeepScreenshotAsync("journey-customer-priced");
        await visitor.SendPromptAsync(receipts: 1);
        await Assertions.Expect(visitor.Content.Locator(".answer .text")).ToContainTextAsync("Billing");

        await visitor.WritePromptAsync(picture: true, "a red circle on a blue background");
        await Assertions.Expect(visitor.Content.Locator(".cost-paid")).ToContainTextAsync("Plan allowance");
        await visitor.SendPromptAsync(receipts: 1);
        await Assertions.Expect(visitor.Content.Locator("img.picture")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Content.Locator("details.receipt").First).ToContainTextAsync("Plan allowance");
        await visitor.KeepScreenshotAsync("journey-customer-answers");
    }

    private static async Task SeeUsageAsync(Visitor visitor)
    {
        await visitor.NavigateAsync("Usage");
        await Assertions.Expect(visitor.Content.Locator(".tile").Filter(new() { HasText = "Requests" }).Locator(".figure-large")).ToHaveTextAsync("2");
        await Assertions.Expect(visitor.Content.Locator(".requests tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(visitor.Content.Locator(".requests")).ToContainTextAsync("guide");
        await Assertions.Expect(visitor.Content.Locator(".requests")).ToContainTextAsync("shapes");
        await Assertions.Expect(visitor.Content.Locator(".chart-picture canvas, .chart-picture svg").First).ToBeVisibleAsync();
        await visitor.KeepScreenshotAsync("journey-customer-usage");
    }
}
