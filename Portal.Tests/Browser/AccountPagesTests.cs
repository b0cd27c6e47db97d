using Microsoft.Playwright;
using Portal.Tests.Accounts.SignIn;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

public sealed class AccountPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_new_person_registers_chooses_a_password_where_the_letter_leads_and_signs_out()
    {
        var email = AccountPages.NewEmail();
        var visitor = await ArriveAsync();
        await visitor.GoToAsync("/account/register");
        await visitor.Page.GetByLabel("E-mail").FillAsync(email);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "open the mail pickup" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Finish your registration" }).First.ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Choose a password" }).ClickAsync();
        await visitor.Page.GetByLabel("Your name").FillAsync("Ada");
        await visitor.Page.GetByLabel("Password").FillAsync(AccountPages.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();

        await Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Your account" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Welcome back");
        await visitor.Page.GotoAsync("/");
        await Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Welcome back");
    }
}
