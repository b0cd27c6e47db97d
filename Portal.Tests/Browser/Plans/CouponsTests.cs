using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Plans;

/// <summary>Coupons from the administrator who makes them to the invoice that shows them, and plans that are extended, in both languages.</summary>
public sealed class CouponsTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_code_is_made_redeemed_once_seen_in_prices_and_ended()
    {
        var staff = await ArriveAsAsync("admin@demo.example");
        await staff.GoToAsync("/coupons");
        await MakeAsync(staff, "welcome", "A discount", "Percent off", "20");
        await MakeAsync(staff, "gift-50", "Credit", "Credit in yuan", "50");
        await Expect(staff.Content.Locator("li").Filter(new() { HasText = "GIFT-50" })).ToHaveCountAsync(1);

        var (customer, _) = await ArriveWithCreditAsync(new Look(), 100);
        await customer.GoToAsync("/billing");
        await RedeemAsync(customer, "nothing-like-it");
        await Expect(customer.Content).ToContainTextAsync("There is no such code.");
        await customer.GoToAsync("/language/zh-CN?returnUrl=/billing");
        await RedeemAsync(customer, " ｗｅｌ come ");
        await Expect(customer.Content).ToContainTextAsync("自现在起，提示词和套餐费用减免 20%。");
        await customer.GoToAsync("/language/en?returnUrl=/billing");
        await RedeemAsync(customer, "WELCOME");
        await Expect(customer.Content).ToContainTextAsync("You or your account have redeemed this code");
        await RedeemAsync(customer, "gift-50");
        await Expect(customer.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥150.00");
        await customer.AssertPageIsGoodAsync("billing-coupon");
        await Expect(customer.Content).ToContainTextAsync("¥50.00 left of ¥50.00 credit");

        await customer.GoToAsync("/plans");
        await customer.ClickAsync("Choose Basic");
        await Expect(customer.Dialog("Choose Basic")).ToContainTextAsync("Code WELCOME");
        await customer.ClickAsync("Pay ¥79.20");
        await customer.DialogClosedAsync();
        await customer.Content.GetByRole(AriaRole.Link, new() { Name = "See the invoice" }).ClickAsync();
        await Expect(customer.Content.Locator("article.document")).ToContainTextAsync("Code WELCOME");

        await staff.GoToAsync("/coupons");
        await Expect(staff.Content.Locator("li").Filter(new() { HasText = "WELCOME" })).ToContainTextAsync("1 redeemed");
        await staff.ClickAsync("End WELCOME");
        await staff.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await staff.NotifiedAsync("WELCOME is over");
        await staff.AssertPageIsGoodAsync("coupons-ended");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_school_extends_a_plan_and_sees_the_price_as_it_types()
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look(), 3000);
        await using (var db = App.Database.Open())
        {
            await db.Accounts.Where(a => a.Id == person.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Kind, AccountKind.Organisation));
        }

        await visitor.GoToAsync("/plans");
        await visitor.ClickAsync("Choose Education Starter");
        await visitor.Page.Locator("#extra-tokens").FillAsync("1500");
        await Expect(visitor.Scope().Locator(".notice")).ToContainTextAsync("whole thousands");
        await visitor.Page.Locator("#extra-tokens").FillAsync("200000");
        await visitor.Page.Locator("#extra-concurrent").FillAsync("2");
        await Expect(visitor.Scope().Locator(".total")).ToContainTextAsync("¥399.80");
        await visitor.AssertPageIsGoodAsync("plans-extras");
        await visitor.Scope().Locator(".dialog-actions .rz-primary").DblClickAsync();
        await visitor.DialogClosedAsync();
        await Expect(visitor.Content.Locator(".current")).ToContainTextAsync("With 200,000 tokens and 2 prompts more");

        await visitor.GoToAsync("/language/zh-CN?returnUrl=/plans");
        await Expect(visitor.Content.Locator(".current")).ToContainTextAsync("另加 200,000");
        await visitor.ClickAsync("加购 初学者套餐");
        await Expect(visitor.Page.Locator("#extra-tokens")).ToHaveValueAsync("200000");
        await visitor.Page.Locator("#extra-concurrent").FillAsync("0");
        await Expect(visitor.Scope().Locator(".total")).ToContainTextAsync("¥0.00");
        await visitor.Scope().Locator(".dialog-actions .rz-primary").ClickAsync();
        await visitor.DialogClosedAsync();

        await using var after = App.Database.Open();
        var subscription = await after.Subscriptions.SingleAsync(s => s.AccountId == person.AccountId);
        Assert.Equal((200_000L, 2, 200_000L, 0), (subscription.ExtraTokens, subscription.ExtraConcurrent, subscription.NextExtraTokens, subscription.NextExtraConcurrent));
        Assert.Equal(1, await after.Invoices.CountAsync(i => i.AccountId == person.AccountId));
    }

    private static async Task MakeAsync(Visitor staff, string code, string kind, string label, string value)
    {
        await staff.OpenDialogAsync("New coupon", "New coupon");
        await staff.FillAsync("Code", code);
        await staff.Scope().GetByLabel(kind, new() { Exact = true }).CheckAsync();
        await staff.FillAsync(label, value);
        await staff.Button("Make coupon").DblClickAsync();
        await staff.DialogClosedAsync();
        await Expect(staff.Content).ToContainTextAsync(code.ToUpperInvariant());
    }

    private static async Task RedeemAsync(Visitor customer, string code)
    {
        await customer.Page.Locator("#coupon-code").FillAsync(code);
        await customer.Content.Locator(".redeem button").DblClickAsync();
    }
}
