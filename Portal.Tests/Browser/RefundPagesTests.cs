using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Money goes back: asked for by one of the staff, agreed to by another, and by a customer alone, in both languages.</summary>
public sealed class RefundPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "Refund of the payment of ¥800.00", "Amount in yuan", "Reason", "Ask for approval", "waits for a second person", "Approve the refund of ¥600.00", "¥600.00 refunded", "Refund the payment of ¥20.00", "Why do you want it back?", "Refund ¥20.00", "on the way to your card")]
    [InlineData("zh-CN", "退款：¥800.00 的付款", "金额（元）", "原因", "提交审批", "等待第二人批准", "批准 ¥600.00 的退款", "已退款 ¥600.00", "退款：¥20.00 的付款", "退款原因", "退回 ¥20.00", "正退回你的银行卡")]
    public async Task A_large_refund_is_agreed_to_by_another_person_and_a_small_one_is_the_customers_own(
        string language, string refund, string amount, string reason, string ask, string waits, string approve, string refunded, string own, string why, string ownNow, string ownDone)
    {
        var person = await App.AddPersonAsync($"payer-{language}@refund.example");
        var support = await App.AddPersonAsync($"one-{language}@refund.example", language, Roles.Support);
        var other = await App.AddPersonAsync($"two-{language}@refund.example", language, Roles.Support);
        var customer = await ArriveAsync();
        await customer.SignInAsync(person.Email, People.Password);
        await customer.TopUpAsync("800");
        await customer.TopUpAsync("20");

        var first = await ArriveAsync(new Look(Language: language));
        await first.SignInAsync(support.Email, People.Password);
        await first.GoToAsync($"/desk/{person.AccountId}");
        await first.ClickAsync(refund);
        await first.FillAsync(amount, "600");
        await first.FillAsync(reason, "Bought twice");
        await Expect(first.Dialog.Locator(".effect")).ToContainTextAsync("¥230.00");
        await first.AssertPageIsGoodAsync($"refund-wizard-{language}");
        await first.ClickAsync(ask);
        await first.NotifiedAsync(waits);
        await first.GoToAsync("/desk");
        await Expect(first.Content.GetByRole(AriaRole.Button, new() { Name = approve })).ToBeDisabledAsync();

        var second = await ArriveAsync(new Look(Language: language));
        await second.SignInAsync(other.Email, People.Password);
        await second.GoToAsync("/desk");
        await second.AssertPageIsGoodAsync($"refund-waits-{language}");
        await second.Content.GetByRole(AriaRole.Button, new() { Name = approve }).DblClickAsync();
        await second.NotifiedAsync(refunded);

        if (language == "zh-CN")
        {
            await customer.Page.GetByRole(AriaRole.Button, new() { Name = "Language" }).ClickAsync();
            await customer.Page.GetByRole(AriaRole.Link, new() { Name = "简体中文" }).ClickAsync();
            await customer.ReadyAsync();
        }
        await customer.ClickAsync(own);
        await customer.FillAsync(why, "Changed my mind");
        await customer.ClickAsync(ownNow);
        await customer.NotifiedAsync(ownDone);
        await Expect(customer.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥210.00");
        await Books.AssertClean(App.Database.Factory, null, "outbox.unsent");
    }
}
