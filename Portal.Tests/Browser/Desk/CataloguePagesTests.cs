using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.PriceChanges;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Desk;

/// <summary>An administrator edits a plan, sees what it means for a customer, publishes it and moves who has the old version.</summary>
public sealed class CataloguePagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_plan_is_edited_previewed_published_and_its_subscribers_are_moved()
    {
        var (customer, person) = await ArriveWithCreditAsync(new Look(), 2000);
        await customer.GoToAsync("/plans");
        await customer.ClickAsync("Choose Professional");
        await customer.Scope().Locator(".dialog-actions .rz-primary").ClickAsync();
        await customer.DialogClosedAsync();
        var staff = await ArriveAsAsync("admin@demo.example", new Look("zh-CN", Width: Look.Phone));
        await staff.GoToAsync("/catalogue");
        await staff.Content.Locator("a[href='/catalogue/plans/image-professional']").ClickAsync();

        await Expect(staff.Page).ToHaveURLAsync(new Regex("/plans/image-professional$"));
        await Expect(staff.Content.Locator("#plan-versions")).ToBeVisibleAsync();
        await staff.Content.Locator(".page-header .rz-primary").ClickAsync();
        await Expect(staff.Content.Locator("h1")).ToHaveTextAsync("草稿：专业版");
        await staff.Page.Locator("#plan-price").FillAsync("-1");
        await staff.Content.Locator("form.card .rz-button[type=submit]").ClickAsync();
        await Expect(staff.Content.Locator(".notice.bad")).ToBeVisibleAsync();
        await staff.Page.Locator("#plan-price").FillAsync("949");
        await staff.Content.Locator("form.card .rz-button[type=submit]").ClickAsync();
        await Expect(staff.Content.Locator(".change")).ToContainTextAsync("949");
        await staff.Page.Locator("#preview-email").FillAsync(person.Email);
        await staff.Content.Locator("form.ask button").ClickAsync();
        await Expect(staff.Content.Locator("tbody tr").First).ToContainTextAsync("¥949.00");
        await staff.AssertPageIsGoodAsync("catalogue-draft-previewed");

        // Another administrator saves it in this moment: this one is told, and looks again.
        var neighbour = await ArriveAsAsync("admin@demo.example");
        await neighbour.GoToAsync(new Uri(staff.Page.Url).AbsolutePath);
        await Expect(neighbour.Content.Locator("h1")).ToHaveTextAsync("Draft: Professional");
        await neighbour.Page.Locator("#plan-price").FillAsync("952");
        await neighbour.Content.Locator("form.card .rz-button[type=submit]").ClickAsync();
        await Expect(neighbour.Content.Locator(".change")).ToContainTextAsync("952");
        await staff.Content.Locator(".page-header .rz-primary").ClickAsync();
        await staff.Page.Locator(".rz-dialog .rz-primary").ClickAsync();
        await Expect(staff.Content.Locator(".notice.bad")).ToBeVisibleAsync();
        await staff.Page.ReloadAsync();
        await staff.ReadyAsync();
        await Expect(staff.Content.Locator(".change")).ToContainTextAsync("952");
        await staff.Content.Locator(".page-header .rz-primary").ClickAsync();
        await staff.Page.Locator(".rz-dialog .rz-primary").DblClickAsync();

        await Expect(staff.Content.Locator("#compare-before")).ToBeVisibleAsync();
        await staff.Content.Locator("section[aria-labelledby=moves-title] .rz-button").First.ClickAsync();
        await Expect(staff.Dialog).ToContainTextAsync("位订阅者");
        await staff.Page.Locator(".rz-dialog .rz-primary").ClickAsync();
        await staff.DialogClosedAsync();
        await App.Services.GetRequiredService<PlanMoveRun>().Run(TestContext.Current.CancellationToken);
        await staff.Page.ReloadAsync();
        await staff.AssertPageIsGoodAsync("catalogue-plan-moves");
        await Expect(staff.Content.Locator("section[aria-labelledby=moves-title] li").First).ToContainTextAsync("已通知");
        await neighbour.GoToAsync("/catalogue/plans/image-professional");
        await Expect(neighbour.Content.Locator("section[aria-labelledby=moves-title] li").First).ToContainTextAsync("Told; moves on");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task Prices_are_edited_and_published_for_a_later_day_exported_and_imported_again()
    {
        var staff = await ArriveAsAsync("admin@demo.example");
        await staff.GoToAsync("/catalogue/prices");
        await staff.Content.Locator(".page-header .rz-primary").ClickAsync();
        await Expect(staff.Page.Locator("#price-tax")).ToBeVisibleAsync();
        await staff.Content.Locator("ol .act button").Nth(2).ClickAsync();
        await staff.Page.Locator("#factor-multiplier").FillAsync("100");
        await staff.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Expect(staff.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await staff.Page.Locator("#factor-multiplier").FillAsync("0.88");
        await staff.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Expect(staff.Content.Locator(".change")).ToContainTextAsync("0.88");
        await staff.Content.Locator(".page-header .rz-primary").ClickAsync();
        await staff.Page.Locator("#publish-from").FillAsync("2020-01-01T00:00");
        await staff.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Expect(staff.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await staff.Page.Locator("#publish-from").FillAsync($"{TimeProvider.System.GetUtcNow().Year + 1}-03-01T00:00");
        await staff.Page.Locator(".rz-dialog button[type=submit]").DblClickAsync();
        await staff.DialogClosedAsync();
        await Expect(staff.Page.Locator("#compare-before")).ToBeVisibleAsync();
        await staff.AssertPageIsGoodAsync("catalogue-prices-next");

        await staff.GoToAsync("/catalogue");
        var download = await staff.Page.RunAndWaitForDownloadAsync(() => staff.Content.Locator("a[download]").ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync());
        await ImportAsync(staff, file.Replace("\"14999\"", "\"-1\"", StringComparison.Ordinal));
        await Expect(staff.Content.Locator(".notice.bad")).ToContainTextAsync("Line ");
        await ImportAsync(staff, file.Replace("\"14999\"", "\"15999\"", StringComparison.Ordinal));
        await Expect(staff.Content.Locator("section[aria-labelledby=catalogue-drafts] li")).Not.ToHaveCountAsync(0);
    }

    private static Task ImportAsync(Visitor staff, string text) => staff.Page.Locator("#catalogue-file").SetInputFilesAsync(
        new FilePayload { Name = "catalog.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
}
