using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Tests.Usage;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Account;

public sealed class OverviewTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_new_person_sees_what_to_do_and_a_top_up_arrives_without_a_reload()
    {
        var person = await App.AddPersonAsync($"{Guid.NewGuid():N}@example.org");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/");
        await Expect(visitor.Content.GetByText("¥0.00").First).ToBeVisibleAsync();
        await Expect(visitor.Content.Locator("[aria-current=step]")).ToContainTextAsync("Top up");

        await Books.TopUp(
            App.Services.GetRequiredService<IDbContextFactory<PortalDb>>(), App.Services.GetRequiredService<TimeProvider>(), person.AccountId, 20m,
            App.Services.GetRequiredService<WalletEvents>());

        await Expect(visitor.Content.GetByText("¥20.00")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Banner).GetByText("¥20.00")).ToBeVisibleAsync();
        await Expect(visitor.Content.Locator("[aria-current=step]")).ToContainTextAsync("Choose a plan");
    }

    [Fact]
    public async Task Whoever_has_used_something_sees_the_burn_and_the_latest_prompts()
    {
        var person = await App.AddPersonAsync($"{Guid.NewGuid():N}@example.org");
        await UsageScene.WriteMonthAsync(App, person);
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/");

        await Expect(visitor.Content.Locator(".apexcharts-svg")).ToBeVisibleAsync();
        await Expect(visitor.Content.Locator(".latest li")).ToHaveCountAsync(5);
    }
}
