using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.Subscriptions;
using Portal.Data.Jobs;
using Portal.Support.Permissions;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Desk;

/// <summary>The desk's tools beside money, as support and administrators use them; in English, and in Chinese from where the words differ.</summary>
public sealed class DeskToolsTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string SupportEmail = "support@demo.example";
    private const string AdminEmail = "admin@demo.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Support_finds_a_customer_sees_what_they_see_and_changes_nothing()
    {
        var person = await App.AddPersonAsync("visited@desk.example");
        var payment = await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, 80m);
        var staff = await ArriveAsAsync(SupportEmail);

        await staff.GoToAsync("/desk");
        await staff.Page.Locator("#desk-search").FillAsync($"{payment}");
        await staff.Page.Locator("#desk-search").PressAsync("Enter");
        await staff.Content.Locator(".found a").ClickAsync();
        await staff.ReadyAsync();
        await staff.OpenDialogAsync("See what they see", "See what they see");
        await staff.Scope().GetByRole(AriaRole.Textbox).FillAsync("Says the balance is wrong");
        await staff.ClickAsync("Start the visit");
        await staff.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await staff.ReadyAsync();
        await Expect(staff.Content).ToContainTextAsync("Nothing can be changed");
        await Expect(staff.Page.Locator("header .pill")).ToContainTextAsync("¥80.00");
        await staff.AssertPageIsGoodAsync("visit-overview");
        foreach (var path in new[] { "/usage", "/invoices", "/plans" }) Assert.Equal((200, path), await AskAsync(staff, path));
        foreach (var path in new[] { "/playground", "/api-keys", "/members", "/support", "/account/manage" }) Assert.Equal("/account/denied", (await AskAsync(staff, path)).Path);
        foreach (var path in new[] { "/desk", $"/desk/{person.AccountId}", "/audit" }) Assert.Equal(404, (await AskAsync(staff, path)).Status);
        await staff.Page.GotoAsync("/playground");
        await Expect(staff.Page.Locator("main")).Not.ToContainTextAsync(person.Email);

        await staff.GoToAsync("/language/zh-CN?returnUrl=/billing");
        await Expect(staff.Content).ToContainTextAsync("不能做任何更改");
        await staff.ClickAsync("返回客服台");
        await staff.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == $"/desk/{person.AccountId}");
        await staff.ReadyAsync();
        await Expect(staff.Content).ToContainTextAsync("Says the balance is wrong");
        await Expect(staff.Content).ToContainTextAsync("结束以客户视角查看");
        await staff.GoToAsync($"/desk/{person.AccountId}/timeline");
        await Expect(staff.Content).ToContainTextAsync("¥80.00");
        await staff.Content.Locator(".chip").First.ClickAsync();
        await Expect(staff.Content.Locator(".events li")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_letter_names_a_payment_is_overdue_is_answered_with_a_prepared_answer_and_closed_by_its_writer()
    {
        var person = await App.AddPersonAsync("letter@desk.example", "zh-CN");
        await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, 33m);
        var customer = await ArriveAsAsync(person.Email, new Look("zh-CN"));
        await customer.GoToAsync("/support");
        await customer.ClickAsync("发送");
        await Expect(customer.Content.Locator(".notice")).ToBeVisibleAsync();
        await customer.Page.Locator("#ticket-subject").FillAsync("Where is <b>33</b>?");
        await customer.Page.Locator("#ticket-text").FillAsync("I looked\neverywhere.");
        await customer.Page.Locator("#ticket-about").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await customer.Button("发送").DblClickAsync();
        await customer.NotifiedAsync("已收到");
        await Expect(customer.Content.Locator(".tickets li")).ToHaveCountAsync(1);

        var staff = await ArriveAsAsync(SupportEmail);
        await staff.GoToAsync("/desk/answers");
        await staff.OpenDialogAsync("New answer", "New answer");
        await staff.FillAsync("Name", "Found <i>it</i>");
        await staff.FillAsync("Text in English", "Dear {name}, it is here.");
        await staff.FillAsync("Text in Chinese", "{name}，您好，已到账。");
        await staff.ClickAsync("Save the answer");
        await staff.NotifiedAsync("The answer was saved");
        await staff.OpenDialogAsync("Edit “Found <i>it</i>”", "Edit “Found <i>it</i>”");
        await staff.GoToAsync("/desk");
        var listed = staff.Content.Locator(".tickets li").Filter(new() { HasText = "Where is <b>33</b>?" });
        await Expect(listed).ToContainTextAsync("Answer due by");
        await using (var db = App.Database.Open())
        {
            var late = TimeProvider.System.GetUtcNow().AddMinutes(-1);
            await db.Tickets.Where(t => t.AccountId == person.AccountId).ExecuteUpdateAsync(set => set.SetProperty(t => t.DueAt, late), Cancel);
        }

        await staff.GoToAsync("/desk");
        await Expect(listed).ToContainTextAsync("Overdue");
        await listed.GetByRole(AriaRole.Link).ClickAsync();
        await staff.ReadyAsync();
        await Expect(staff.Content.Locator(".about")).ToContainTextAsync("¥33.00");
        await Expect(staff.Content.Locator(".due")).ToContainTextAsync("Overdue");
        await staff.Page.Locator("#reply-canned").SelectOptionAsync(new SelectOptionValue { Label = "Found <i>it</i>" });
        await Expect(staff.Page.Locator("#reply-text")).ToHaveValueAsync(new Regex("，您好"));
        await staff.Button("Send").DblClickAsync();
        await Expect(staff.Content.Locator("ol li")).ToHaveCountAsync(2);
        await Expect(staff.Content.Locator(".due")).ToHaveCountAsync(0);
        Assert.Equal(1, await OpeningsAsync(person));

        await customer.GoToAsync("/support");
        await Expect(customer.Content.Locator(".tickets li")).ToContainTextAsync("已回复");
        await customer.Content.GetByRole(AriaRole.Link, new() { Name = "Where is <b>33</b>?" }).ClickAsync();
        await Expect(customer.Content).ToContainTextAsync("已到账");
        await customer.ClickAsync("关闭");
        await Expect(customer.Content).ToContainTextAsync("此留言已关闭");
        await customer.AssertPageIsGoodAsync("support-ticket-closed");
    }

    [Fact]
    public async Task Support_extends_and_cancels_a_customers_plan_and_sends_a_letter_again()
    {
        var person = await App.AddPersonAsync("planned@desk.example");
        await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, 200m);
        var customer = await App.CallerAsync(person);
        await using var scope = App.Services.CreateAsyncScope();
        var plans = scope.ServiceProvider.GetRequiredService<PlanDesk>();
        Assert.Null((await plans.Choose(customer, (await plans.Quote(customer, "image-basic", cancel: Cancel)).Value, "desk", Cancel)).Refusal);
        var before = await EndAsync();
        var staff = await ArriveAsAsync(SupportEmail);
        await staff.GoToAsync($"/desk/{customer.AccountId}");

        await staff.OpenDialogAsync("Extend the period", "Extend the period");
        await staff.FillAsync("Days", "3");
        await staff.ClickAsync("Extend the period");
        await Expect(staff.Scope().GetByRole(AriaRole.Alert)).ToContainTextAsync("reason");
        await staff.FillAsync("Reason", "The service was away");
        await staff.Button("Extend the period").DblClickAsync();
        await staff.NotifiedAsync("The period was extended");
        await staff.DialogClosedAsync();
        Assert.Equal(before.AddDays(3), await EndAsync());
        await staff.OpenDialogAsync("Cancel the plan", "Cancel the plan");
        await staff.FillAsync("Reason", "Asked by phone");
        await staff.Button("Cancel the plan").DblClickAsync();
        await staff.NotifiedAsync("The plan ends with its period");
        await Expect(staff.Content).ToContainTextAsync("Ends with this period.");
        await Expect(staff.Button("Cancel the plan")).ToHaveCountAsync(0);

        await using var db = App.Database.Open();
        var now = TimeProvider.System.GetUtcNow();
        db.OutboxMails.Add(new OutboxMail { Id = Guid.NewGuid(), DedupKey = "plan:told", To = customer.Email, Subject = "Your <b>plan</b>", Html = "<p>It is extended.</p>", CreatedAt = now, SentAt = now, NextAttemptAt = now });
        await db.SaveChangesAsync(Cancel);
        await staff.Content.GetByRole(AriaRole.Link, new() { Name = $"E-mails to {customer.Email}" }).ClickAsync();
        await Expect(staff.Content.Locator(".sent li")).ToHaveCountAsync(1);
        await staff.OpenDialogAsync("Send again: Your <b>plan</b>", "Send again: Your <b>plan</b>");
        await staff.Button("Send again").DblClickAsync();
        await Expect(staff.Content.Locator(".sent li")).ToHaveCountAsync(2);
        Assert.Equal(1, await db.AuditEntries.CountAsync(a => a.Action == "letter.resent" && a.AccountId == customer.AccountId, Cancel));
        Assert.Equal(1, await OpeningsAsync(person));

        async Task<DateTimeOffset> EndAsync()
        {
            await using var books = App.Database.Open();
            return await books.Subscriptions.Where(s => s.AccountId == customer.AccountId).Select(s => s.PeriodEnd).SingleAsync(Cancel);
        }
    }

    [Fact]
    public async Task Reading_somebodys_letters_is_an_opening_of_their_file()
    {
        var person = await App.AddPersonAsync("read@desk.example");
        var staff = await ArriveAsAsync(SupportEmail);

        await staff.GoToAsync($"/desk/letters/{person.Id}");

        await Expect(staff.Content).ToContainTextAsync(person.Email);
        Assert.Equal(1, await OpeningsAsync(person));
    }

    [Fact]
    public async Task An_administrator_filters_the_audit_and_keeps_the_report_on_permissions()
    {
        var person = await App.AddPersonAsync("audited@desk.example");
        await App.Services.GetRequiredService<PermissionReporter>().Write(Cancel);
        var admin = await ArriveAsAsync(AdminEmail, new Look("zh-CN"));
        await admin.GoToAsync($"/desk/{person.AccountId}");

        await admin.GoToAsync("/audit");
        await admin.Page.Locator("#audit-action").SelectOptionAsync("customer.opened");
        await admin.Page.Locator("#audit-account").FillAsync($"{person.AccountId}");
        await admin.Page.Locator("#audit-account").PressAsync("Enter");
        await Expect(admin.Content.Locator(".entries li")).ToHaveCountAsync(1);
        await Expect(admin.Content.Locator(".entries li")).ToContainTextAsync(AdminEmail);

        await admin.Content.Locator("a[href='/audit/permissions']").ClickAsync();
        await Expect(admin.Content.Locator(".rights li").Filter(new() { HasText = SupportEmail })).ToHaveCountAsync(1);
        await Expect(admin.Content.Locator(".months a")).ToHaveCountAsync(1);
        var file = await admin.Page.RunAndWaitForDownloadAsync(() => admin.Content.Locator("a[download]").ClickAsync());
        Assert.Contains($"staff,{AdminEmail},Administrator", await File.ReadAllTextAsync(await file.PathAsync(), Cancel), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_administrator_sets_the_terms_and_the_audit_has_the_reason()
    {
        var person = await App.AddPersonAsync("terms@desk.example");
        var admin = await ArriveAsAsync(AdminEmail);
        await admin.GoToAsync($"/desk/{person.AccountId}");
        await admin.OpenDialogAsync("Terms", "Terms");
        await admin.Scope().GetByLabel("Education is proven").CheckAsync();
        await admin.FillAsync("Length of the contract, in months", "12");
        await admin.ClickAsync("Save the terms");
        await Expect(admin.Scope().GetByRole(AriaRole.Alert)).ToContainTextAsync("Please give a reason");
        await admin.FillAsync("Reason", "Certificate of 2026");
        await admin.ClickAsync("Save the terms");
        await admin.NotifiedAsync("The terms were saved");

        await Expect(admin.Content).ToContainTextAsync("Contract of 12 months");
        await Expect(admin.Content).ToContainTextAsync("education yes, contract 12 months, on account up to 0.00: Certificate of 2026");
    }

    private static async Task<(int Status, string Path)> AskAsync(Visitor visitor, string path)
    {
        var answer = await visitor.Page.APIRequest.GetAsync(path);
        return (answer.Status, new Uri(answer.Url).AbsolutePath);
    }

    private async Task<int> OpeningsAsync(TestPerson person)
    {
        await using var db = App.Database.Open();
        return await db.AuditEntries.CountAsync(a => a.Action == "customer.opened" && a.AccountId == person.AccountId, Cancel);
    }
}
