using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Plans;

public sealed class PoolPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task An_administrator_invites_and_the_members_agree()
    {
        var (ada, first) = await ArriveWithCreditAsync(new Look(), 80);
        var (bob, second) = await ArriveWithCreditAsync(new Look(Width: Look.Phone), 80);
        var admin = await App.AddPersonAsync($"admin-{Guid.NewGuid():N}@example.com", "en", Roles.Administrator);
        var office = await ArriveAsAsync(admin.Email);
        await office.GoToAsync("/pools");

        await office.ClickAsync("New shared instance");
        var dialog = office.Dialog("New shared instance");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Our GPU");
        await dialog.GetByLabel("Cost a month, in yuan").FillAsync("100");
        foreach (var (number, person) in new[] { (1, first), (2, second) })
        {
            await dialog.GetByLabel($"E-mail of member {number}").FillAsync(person.Email);
            await dialog.GetByLabel($"Share of member {number}, in percent").FillAsync("50");
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite the members" }).ClickAsync();
        await office.DialogClosedAsync();
        foreach (var visitor in new[] { ada, bob })
        {
            await visitor.GoToAsync("/plans/shared");
            await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Accept for ¥50.00 a month" }).ClickAsync();
            await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Accept for ¥50.00 a month" })).ToHaveCountAsync(0);
        }

        await Assertions.Expect(bob.Content).ToContainTextAsync("Running");
        await Assertions.Expect(bob.Page.Locator("header .pill")).ToContainTextAsync("¥30.00");
        await bob.AssertPageIsGoodAsync("plans-shared");
        await Books.AssertClean(App.Database.Factory);
    }
}
