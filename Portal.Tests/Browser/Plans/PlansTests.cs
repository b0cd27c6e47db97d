using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Plans;

public sealed class PlansTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_double_click_on_pay_is_one_plan_and_its_invoice_stands_alone_on_paper_and_is_nobody_elses()
    {
        var (visitor, person) = await ArriveWithCreditAsync(new Look(), 500);
        await visitor.GoToAsync("/plans");

        await visitor.ClickAsync("Choose Basic");
        await Assertions.Expect(visitor.Dialog("Choose Basic")).ToContainTextAsync("¥401.00");
        await visitor.Button("Pay ¥99.00").DblClickAsync();
        await visitor.DialogClosedAsync();

        await Assertions.Expect(visitor.Content).ToContainTextAsync("You are on Basic");
        await Assertions.Expect(visitor.Page.Locator(".pill")).ToContainTextAsync("¥401.00");
        await using var db = App.Database.Open();
        var invoice = await db.Invoices.SingleAsync(i => i.AccountId == person.AccountId);

        await visitor.GoToAsync($"/invoices/{invoice.Id}");
        await Assertions.Expect(visitor.Page.Locator(".sidebar")).ToBeVisibleAsync();
        await visitor.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await visitor.KeepScreenshotAsync("invoice-print");
        await Assertions.Expect(visitor.Page.Locator(".sidebar")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.Content.Locator("article.document")).ToBeVisibleAsync();

        var (other, _) = await ArriveWithCreditAsync(new Look(), 0);
        await other.GoToAsync($"/invoices/{invoice.Id}");
        await Assertions.Expect(other.Content.Locator("article.document")).ToHaveCountAsync(0);
        await Assertions.Expect(other.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task What_is_missing_is_one_click_from_being_topped_up()
    {
        var (visitor, _) = await ArriveWithCreditAsync(new Look(), 61.12m);
        await visitor.GoToAsync("/plans");

        await visitor.ClickAsync("Choose Basic");
        await Assertions.Expect(visitor.Dialog("Choose Basic")).ToContainTextAsync("Your balance is ¥37.88 short");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Top up ¥37.88" }).ClickAsync();

        await Assertions.Expect(visitor.Page.Locator("#topup-amount")).ToHaveValueAsync("37.88");
    }

    [Fact]
    public async Task A_plan_is_upgraded_changed_for_later_kept_and_cancelled()
    {
        var (visitor, _) = await ArriveWithCreditAsync(new Look(), 1000);
        await visitor.GoToAsync("/plans");
        await ChooseAsync(visitor, "Choose Basic", "Pay ¥99.00");

        await ChooseAsync(visitor, "Upgrade to Advanced", "Pay ¥300.00");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("You are on Advanced");

        await ChooseAsync(visitor, "Change to Basic", "Change at period end");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("Then it changes to Basic for ¥99.00.");

        await visitor.ClickAsync("Keep Advanced");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("Then it renews by itself for ¥399.00");

        await visitor.ClickAsync("Cancel plan");
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await visitor.DialogClosedAsync();
        await Assertions.Expect(visitor.Content).ToContainTextAsync("Then it ends.");
        await visitor.AssertPageIsGoodAsync("plans-cancelled");
    }

    [Theory]
    [InlineData("en", "Try 7 days free: Basic", "Begin the trial", "Your trial of Basic runs until", "Begin the paid plan now", "12-month contract", "Pay ¥84.15", "Contract until", "Cancel plan", "11 more months at ¥84.15", "The plan ends with the term.")]
    [InlineData("zh-CN", "免费试用 7 天：基础版", "开始试用", "您的基础版试用将持续到", "立即开始付费套餐", "12 个月合约", "支付 ¥84.15", "合约至", "取消套餐", "还有 11 个月，每月从余额扣除 ¥84.15", "套餐随期限结束。")]
    public async Task A_plan_is_tried_taken_under_a_contract_and_cancelled_for_its_end(
        string language, string offer, string begin, string tried, string go, string contract, string pay, string until, string cancel, string left, string ends)
    {
        var (visitor, _) = await ArriveWithCreditAsync(new Look(language, Width: Look.Phone), 500);
        await visitor.GoToAsync("/plans");

        await ChooseAsync(visitor, offer, begin);
        await Assertions.Expect(visitor.Content).ToContainTextAsync(tried);

        await visitor.ClickAsync(go);
        await visitor.Page.GetByRole(AriaRole.Radio, new() { Name = contract }).CheckAsync();
        await Assertions.Expect(visitor.Dialog).ToContainTextAsync(until);
        await visitor.AssertPageIsGoodAsync("plans-terms");
        await visitor.ClickAsync(pay);
        await visitor.DialogClosedAsync();
        await Assertions.Expect(visitor.Content).ToContainTextAsync(until);

        await visitor.ClickAsync(cancel);
        await Assertions.Expect(visitor.Dialog).ToContainTextAsync(left);
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await visitor.DialogClosedAsync();
        await Assertions.Expect(visitor.Content).ToContainTextAsync(ends);
        await visitor.AssertPageIsGoodAsync("plans-contract");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_student_sees_the_plan_and_no_buttons()
    {
        var (owner, person) = await ArriveWithCreditAsync(new Look(), 1000);
        await owner.GoToAsync("/plans");
        await ChooseAsync(owner, "Choose Basic", "Pay ¥99.00");
        await using (var db = App.Database.Open())
        {
            await db.Memberships.Where(m => m.PersonId == person.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, MemberRole.Member));
        }

        await owner.GoToAsync("/plans");

        await Assertions.Expect(owner.Content).ToContainTextAsync("You are on Basic");
        await Assertions.Expect(owner.Content.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await owner.GoToAsync("/invoices");
        await Assertions.Expect(owner.Content).ToContainTextAsync("Your role does not allow this");
    }

    private static async Task ChooseAsync(Visitor visitor, string choose, string confirm)
    {
        await visitor.ClickAsync(choose);
        await visitor.ClickAsync(confirm);
        await visitor.DialogClosedAsync();
    }
}
