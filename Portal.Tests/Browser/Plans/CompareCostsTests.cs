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
    [Fact]
    public async Task Before_any_use_one_sees_what_to_expect_and_after_it_the_cheapest_plan_and_why()
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look("zh-CN", Width: Look.Phone), 500);
        await visitor.GoToAsync("/plans");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = "查看费用对比" }).ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Name = "用量较少的月份" })).ToBeVisibleAsync();

        await using var db = App.Database.Open();
        var seat = await db.Memberships.SingleAsync(m => m.AccountId == person.AccountId, TestContext.Current.CancellationToken);
        await PricedUse.UseAsync(
            App.Services.GetRequiredService<LedgerWriter>(), App.Services.GetRequiredService<CatalogReader>(), TimeProvider.System, person.AccountId, seat.Id,
            MeteredUsage.Picture(1_000, 1024, 1024, 9));
        await visitor.GoToAsync("/plans/compare-costs");

        await Assertions.Expect(visitor.Content).ToContainTextAsync("最省");
        var best = visitor.Content.Locator("article").First;
        await best.GetByText("为什么：逐月明细").ClickAsync();
        await Assertions.Expect(best.GetByText("套餐费", new() { Exact = true }).First).ToBeVisibleAsync();
    }
}
