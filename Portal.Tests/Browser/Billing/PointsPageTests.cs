using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Billing;

public sealed class PointsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "Points", "Check in: 5 points", "Come back tomorrow", "Collect 100 points: Top up for the first time", "Points to redeem", "Redeem", "Redeemed for ¥1.00 of credit")]
    [InlineData("zh-CN", "积分", "签到领 5 积分", "明天再来", "领取 100 积分：首次充值", "要兑换的积分", "兑换", "兑换 ¥1.00")]
    public async Task One_checks_in_collects_and_redeems(
        string language, string page, string checkIn, string tomorrow, string collect, string field, string redeem, string redeemed)
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look(language), 10);
        await using var db = App.Database.Factory.CreateDbContext();
        var before = TimeProvider.System.GetUtcNow().AddDays(-15);
        await db.Payments.Where(p => p.AccountId == person.AccountId).ExecuteUpdateAsync(set => set.SetProperty(p => p.SucceededAt, before));
        await visitor.GoToAsync("/");
        await visitor.NavigateAsync(page);
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = checkIn }).DblClickAsync();
        await Assertions.Expect(visitor.Content).ToContainTextAsync(tomorrow);

        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = collect }).ClickAsync();
        await visitor.Content.GetByLabel(field).FillAsync("100");
        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = redeem, Exact = true }).ClickAsync();

        await Assertions.Expect(visitor.Content).ToContainTextAsync(redeemed);
        await Assertions.Expect(visitor.Page.Locator("header .pill")).ToContainTextAsync("¥11.00");
        await Books.AssertClean(App.Database.Factory);
    }
}
