using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Billing;

public sealed class PointsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task One_checks_in_collects_and_redeems()
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look("zh-CN"), 10);
        await using var db = App.Database.Factory.CreateDbContext();
        var before = TimeProvider.System.GetUtcNow().AddDays(-15);
        await db.Payments.Where(p => p.AccountId == person.AccountId).ExecuteUpdateAsync(set => set.SetProperty(p => p.SucceededAt, before));
        await visitor.GoToAsync("/");
        await visitor.NavigateAsync("积分");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "签到领 5 积分" }).DblClickAsync();
        await Assertions.Expect(visitor.Content).ToContainTextAsync("明天再来");

        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "领取 100 积分：首次充值" }).ClickAsync();
        await visitor.Content.GetByLabel("要兑换的积分").FillAsync("100");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "兑换", Exact = true }).ClickAsync();

        await Assertions.Expect(visitor.Content).ToContainTextAsync("兑换 ¥1.00");
        await Assertions.Expect(visitor.Page.Locator("header .pill")).ToContainTextAsync("¥11.00");
        await Books.AssertClean(App.Database.Factory);
    }
}
