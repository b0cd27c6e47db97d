using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Tests.Billing.Costs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Plans;

public sealed class CompareCostsTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "Compare costs", "A quiet month", "would be cheapest", "Why: month by month", "Fee")]
    [InlineData("zh-CN", "查看费用对比", "用量较少的月份", "最省", "为什么：逐月明细", "套餐费")]
    public async Task Before_any_use_one_sees_what_to_expect_and_after_it_the_cheapest_plan_and_why(
        string language, string link, string quiet, string cheapest, string why, string fee)
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look(language, Width: Look.Phone), 500);
        await visitor.GoToAsync("/plans");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Name = quiet })).ToBeVisibleAsync();

        await using var db = App.Database.Open();
        var seat = await db.Memberships.SingleAsync(m => m.AccountId == person.AccountId, TestContext.Current.CancellationToken);
        await PricedUse.UseAsync(
            App.Services.GetRequiredService<LedgerWriter>(), App.Services.GetRequiredService<CatalogReader>(), TimeProvider.System, person.AccountId, seat.Id,
            MeteredUsage.Picture(1_000, 1024, 1024, 9));
        await visitor.GoToAsync("/plans/compare-costs");

        await Assertions.Expect(visitor.Content).ToContainTextAsync(cheapest);
        var best = visitor.Content.Locator("article").First;
        await best.GetByText(why).ClickAsync();
        await Assertions.Expect(best.GetByText(fee, new() { Exact = true }).First).ToBeVisibleAsync();
    }
}
