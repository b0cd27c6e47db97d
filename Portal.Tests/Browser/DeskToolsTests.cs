using Microsoft.Playwright;
using Portal.Commands;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The desk's tools beside money, as support and administrators use them.</summary>
public sealed class DeskToolsTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "See what they see", "Start the visit", "Nothing can be changed", "Back to the support desk")]
    [InlineData("zh-CN", "查看客户视角", "开始查看", "不能做任何更改", "返回客服台")]
    public async Task Support_finds_a_customer_sees_what_they_see_and_changes_nothing(string language, string visit, string start, string banner, string back)
    {
        var person = await App.AddPersonAsync($"visited-{language.ToLowerInvariant()}@desk.example", language);
        var payment = await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, 80m);
        var staff = await ArriveAsync(new Look { Language = language });
        await staff.GoToAsync($"/language/{language}?returnUrl=/account/login");
        await staff.SignInAsync("support@demo.example", DemoPeople.Password);

        await staff.GoToAsync("/desk");
        await staff.Page.Locator("#desk-search").FillAsync($"{payment}");
        await staff.Page.Locator("#desk-search").PressAsync("Enter");
        await staff.Content.Locator(".found a").ClickAsync();
        await staff.ReadyAsync();
        await staff.OpenDialogAsync(visit, visit);
        await staff.Scope().GetByRole(AriaRole.Textbox).FillAsync("Says the balance is wrong");
        await staff.ClickAsync(start);
        await staff.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await staff.ReadyAsync();
        await Expect(staff.Content).ToContainTextAsync(banner);
        await Expect(staff.Page.Locator("header .pill")).ToContainTextAsync("¥80.00");
        await staff.AssertPageIsGoodAsync($"visit-overview-{language}");
        foreach (var path in new[] { "/usage", "/billing", "/invoices", "/plans" })
        {
            await staff.GoToAsync(path);
            await Expect(staff.Content).ToContainTextAsync(banner);
        }

        foreach (var path in new[] { "/playground", "/api-keys", "/members", "/support", "/account/manage", "/desk", "/audit" })
        {
            await staff.Page.GotoAsync(path);
            await Expect(staff.Page.Locator("main")).Not.ToContainTextAsync(person.Email);
            Assert.Contains(new Uri(staff.Page.Url).AbsolutePath, new[] { "/account/denied", "/desk", "/audit" });
        }

        await staff.GoToAsync("/billing");
        await staff.ClickAsync(back);
        await staff.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == $"/desk/{person.AccountId}");
        await staff.ReadyAsync();
        await Expect(staff.Content).ToContainTextAsync("Says the balance is wrong");
        await staff.GoToAsync($"/desk/{person.AccountId}/timeline");
        await Expect(staff.Content).ToContainTextAsync("¥80.00");
        await staff.Content.Locator(".chip").First.ClickAsync();
        await Expect(staff.Content.Locator(".events li")).ToHaveCountAsync(1);
        await staff.AssertPageIsGoodAsync($"desk-timeline-{language}");
    }

    [Theory]
    [InlineData("en", "Send")]
    [InlineData("zh-CN", "发送")]
    public async Task A_letter_names_a_payment_and_is_answered_with_a_prepared_answer(string language, string send)
    {
        var person = await App.AddPersonAsync($"letter-{language.ToLowerInvariant()}@desk.example", language);
        await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, 33m);
        var customer = await ArriveAsync(new Look { Language = language });
        await customer.GoToAsync($"/language/{language}?returnUrl=/account/login");
        await customer.SignInAsync(person.Email, People.Password);
        await customer.GoToAsync("/support");
        await customer.Page.Locator("#ticket-subject").FillAsync("Payment 33");
        await customer.Page.Locator("#ticket-text").FillAsync("Please look.");
        await customer.Page.Locator("#ticket-about").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await customer.ClickAsync(send);
        await Expect(customer.Content.Locator(".tickets li")).ToHaveCountAsync(1);

        var staff = await ArriveAsync();
        await staff.SignInAsync("support@demo.example", DemoPeople.Password);
        await staff.GoToAsync("/desk/answers");
        await staff.OpenDialogAsync("New answer", "New answer");
        await staff.FillAsync("Name", $"Found {language}");
        await staff.FillAsync("Text in English", "Dear {name}, it is here.");
        await staff.FillAsync("Text in Chinese", "{name}，您好，已到账。");
        await staff.ClickAsync("Save the answer");
        await staff.NotifiedAsync("The answer was saved");
        await staff.GoToAsync("/desk");
        await staff.Content.GetByRole(AriaRole.Link, new() { Name = "Payment 33" }).First.ClickAsync();
        await staff.ReadyAsync();
        await Expect(staff.Content.Locator(".about")).ToContainTextAsync("¥33.00");
        await staff.Page.Locator("#reply-canned").SelectOptionAsync(new SelectOptionValue { Label = $"Found {language}" });
        await Expect(staff.Page.Locator("#reply-text")).ToHaveValueAsync(language == "en" ? new System.Text.RegularExpressions.Regex("^Dear .+, it is here") : new System.Text.RegularExpressions.Regex("，您好"));
        await staff.ClickAsync("Send");
        await Expect(staff.Content.Locator("ol li")).ToHaveCountAsync(2);
        await Expect(staff.Content.Locator(".due")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task An_administrator_filters_the_audit_and_it_is_sealed(string language)
    {
        var admin = await ArriveAsync(new Look { Language = language });
        await admin.GoToAsync($"/language/{language}?returnUrl=/account/login");
        await admin.SignInAsync("admin@demo.example", DemoPeople.Password);
        var person = await App.AddPersonAsync($"audited-{language.ToLowerInvariant()}@desk.example", language);
        await admin.GoToAsync($"/desk/{person.AccountId}");

        await admin.GoToAsync("/audit");
        await admin.Page.Locator("#audit-action").SelectOptionAsync("customer.opened");
        await admin.Page.Locator("#audit-account").FillAsync($"{person.AccountId}");
        await admin.Page.Locator("#audit-account").PressAsync("Enter");
        await Expect(admin.Content.Locator(".entries li")).ToHaveCountAsync(1);
        await Expect(admin.Content.Locator(".entries li")).ToContainTextAsync("admin@demo.example");
        await admin.AssertPageIsGoodAsync($"audit-{language}");
    }
}
