using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;
using Portal.Tests.Usage;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Account;

public sealed class ShellTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_chosen_theme_is_in_the_first_byte_of_the_next_page_and_the_language_changes_where_one_is()
    {
        var visitor = await SignedInAsync();
        await visitor.GoToAsync("/usage");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        var dark = await Background(visitor);

        var response = await visitor.Page.ReloadAsync();

        Assert.Contains("data-theme=\"dark\"", await response!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(dark, await Background(visitor));
        Assert.NotEqual("rgb(246, 247, 251)", dark);

        await visitor.ReadyAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Language" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "简体中文" }).ClickAsync();
        await visitor.ReadyAsync();
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        Assert.EndsWith("/usage", visitor.Page.Url, StringComparison.Ordinal);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "概览" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_skip_link_leads_past_the_menu_and_a_collapsed_menu_keeps_its_names_for_screen_readers()
    {
        var visitor = await SignedInAsync();
        await visitor.Page.Locator("a.skip").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Content).ToBeFocusedAsync();
        Assert.Equal("/", new Uri(visitor.Page.Url).AbsolutePath);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Collapse or expand the menu" }).ClickAsync();
        await visitor.Page.ReloadAsync();
        await visitor.AssertPageIsGoodAsync("collapsed-menu");
        Assert.True((await visitor.Page.GetByRole(AriaRole.Navigation).BoundingBoxAsync())!.Width < 80);
        await visitor.NavigateAsync("Usage");
        Assert.EndsWith("/usage", visitor.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_signs_out_of_one_page_has_left_every_page_of_the_browser()
    {
        var visitor = await SignedInAsync();
        var other = await visitor.Page.Context.NewPageAsync();
        await other.GotoAsync(visitor.Page.Url);
        await Expect(other.Locator("h1")).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Your account" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await other.WaitForURLAsync("**/account/login*");
        Assert.Empty(visitor.ScriptErrors);
    }

    [Fact]
    public async Task The_phones_menu_is_worked_by_keyboard_alone()
    {
        var visitor = await SignedInAsync(new Look(Width: Look.Phone));
        var opener = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Open menu" });
        await opener.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await visitor.AssertPageIsGoodAsync("drawer");

        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();

        await visitor.NavigateAsync("Playground");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Dates_are_the_accounts_wherever_the_browser_is()
    {
        var person = await App.AddPersonAsync($"{Guid.NewGuid():N}@example.org");
        await using (var db = App.Database.Open())
        {
            await db.Accounts.Where(a => a.Id == person.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.TimeZone, "America/Los_Angeles"), TestContext.Current.CancellationToken);
        }

        await UsageScene.WriteMonthAsync(App, person);
        var visitor = await ArriveAsAsync(person.Email);
        foreach (var path in (string[])["/", "/usage"])
        {
            await visitor.GoToAsync(path);
            await Expect(visitor.Content.Locator("time")).Not.ToHaveCountAsync(0);
            await Expect(visitor.Content.Locator("time:not([title$='(America/Los_Angeles)'])")).ToHaveCountAsync(0);
        }

        await visitor.Content.GetByRole(AriaRole.Button, new() { NameRegex = new("receipt") }).First.ClickAsync();
        await Expect(visitor.Dialog.Locator("time")).ToHaveAttributeAsync("title", new Regex("America/Los_Angeles"));
    }

    [Fact]
    public async Task A_page_says_so_when_its_server_is_gone()
    {
        var folder = Directory.CreateTempSubdirectory("portal-gone").FullName;
        await using var database = await TestDatabase.CreateAsync();
        await using var process = await PortalProcess.ServeAsync(database, folder);
        await using var visitor = await Visitor.ArriveAsync(await TestRun.Chromium, process.Address, new Look());
        await visitor.GoToAsync("/nothing-here", status: 404);

        await process.KillAsync();

        await Expect(visitor.Page.Locator("#components-reconnect-modal").GetByText("Connection lost. Reconnecting")).ToBeVisibleAsync();
        await visitor.KeepScreenshotAsync("connection-lost");
    }

    private static async Task<string> Background(Visitor visitor) =>
        await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private async Task<Visitor> SignedInAsync(Look? look = null)
    {
        var person = await App.AddPersonAsync($"{Guid.NewGuid():N}@example.org");
        var visitor = await ArriveAsAsync(person.Email, look);
        await visitor.GoToAsync("/");
        return visitor;
    }
}
