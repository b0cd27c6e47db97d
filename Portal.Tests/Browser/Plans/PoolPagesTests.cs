using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Plans;

public sealed class PoolPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "New shared instance", "Name", "Cost a month, in yuan", "E-mail of member {0}", "Share of member {0}, in percent", "Invite the members", "Accept for ¥50.00 a month", "Running")]
    [InlineData("zh-CN", "新建共享实例", "名称", "每月费用（元）", "成员 {0} 的邮箱", "成员 {0} 的份额（%）", "邀请成员", "接受，每月 ¥50.00", "运行中")]
    public async Task An_administrator_invites_and_the_members_agree(
        string language, string make, string name, string cost, string email, string share, string invite, string accept, string running)
    {
        var (ada, first) = await ArriveWithCreditAsync(new Look(language), 80);
        var (bob, second) = await ArriveWithCreditAsync(new Look(language, Width: Look.Phone), 80);
        var admin = await App.AddPersonAsync($"admin-{Guid.NewGuid():N}@example.com", language, Roles.Administrator);
        var office = await ArriveAsAsync(admin.Email, new Look(language));
        await office.GoToAsync("/pools");

        await office.ClickAsync(make);
        var dialog = office.Dialog(make);
        await dialog.GetByLabel(name, new() { Exact = true }).FillAsync("Our GPU");
        await dialog.GetByLabel(cost).FillAsync("100");
        foreach (var (number, person) in new[] { (1, first), (2, second) })
        {
            await dialog.GetByLabel(email.Replace("{0}", $"{number}", StringComparison.Ordinal)).FillAsync(person.Email);
            await dialog.GetByLabel(share.Replace("{0}", $"{number}", StringComparison.Ordinal)).FillAsync("50");
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = invite }).ClickAsync();
        await office.DialogClosedAsync();
        foreach (var visitor in new[] { ada, bob })
        {
            await visitor.GoToAsync("/plans/shared");
            await visitor.Content.GetByRole(AriaRole.Button, new() { Name = accept }).ClickAsync();
            await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Button, new() { Name = accept })).ToHaveCountAsync(0);
        }

        await Assertions.Expect(bob.Content).ToContainTextAsync(running);
        await Assertions.Expect(bob.Page.Locator("header .pill")).ToContainTextAsync("¥30.00");
        await bob.AssertPageIsGoodAsync("plans-shared");
        await Books.AssertClean(App.Database.Factory);
    }
}
