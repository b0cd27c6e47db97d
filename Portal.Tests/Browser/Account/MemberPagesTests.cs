using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Commands;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Account;

public sealed class MemberPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string Owner = "owner@school.example";
    private const string Student = "student@school.example";

    [Fact]
    public async Task An_owner_invites_a_student_hands_out_quota_and_takes_some_back()
    {
        var owner = await ArriveAsAsync(Owner);
        await owner.GoToAsync("/members");

        await owner.OpenDialogAsync("Invite a member", "Invite a member");
        await owner.FillAsync("E-mail address", "nobody");
        await owner.ClickAsync("Send invitation");
        await Expect(owner.Scope()).ToContainTextAsync("This is not an e-mail address");
        await owner.FillAsync("E-mail address", "new.student@school.example");
        await owner.ClickAsync("Send invitation");
        await owner.NotifiedAsync("new.student@school.example");
        await Expect(Row(owner, "new.student@school.example")).ToContainTextAsync("Invited");

        await Allocate(owner, "new.student@school.example", "Images", "1000000");
        await Expect(owner.Scope()).ToContainTextAsync("1000000 images and only");
        await owner.FillAsync("Amount", "200");
        await owner.ClickAsync("Allocate");
        await owner.DialogClosedAsync();
        await Expect(Row(owner, "new.student@school.example")).ToContainTextAsync("200 images left");
        await Allocate(owner, "new.student@school.example", "Tokens", "50000");
        await owner.ClickAsync("Allocate");
        await owner.DialogClosedAsync();
        await Expect(Row(owner, "new.student@school.example")).ToContainTextAsync("50,000 tokens left");

        await Act(owner, "new.student@school.example", "Take back");
        await Expect(owner.Dialog("Take back")).ToBeVisibleAsync();
        await owner.Scope().GetByLabel("Images", new() { Exact = true }).CheckAsync();
        await owner.FillAsync("Amount", "50");
        await owner.KeepScreenshotAsync("members-take-back");
        await owner.ClickAsync("Take back");
        await owner.DialogClosedAsync();
        await Expect(Row(owner, "new.student@school.example")).ToContainTextAsync("150 images left");

        await Act(owner, "new.student@school.example", "History");
        await Expect(owner.Scope().Locator("li")).ToHaveCountAsync(3);
        await owner.KeepScreenshotAsync("members-history");
    }

    [Fact]
    public async Task A_member_s_budget_is_set_by_the_owner_and_seen_by_the_member()
    {
        var owner = await ArriveAsAsync(Owner);
        await owner.GoToAsync("/members");
        await Act(owner, Student, "Set a budget");
        await owner.Scope().GetByLabel("Tokens", new() { Exact = true }).CheckAsync();
        await owner.FillAsync("At most, in tokens", "20,000");
        await owner.ClickAsync("Save");
        await owner.DialogClosedAsync();
        await Expect(Row(owner, Student)).ToContainTextAsync("of 20,000 tokens used");

        var student = await ArriveAsAsync(Student);
        await student.GoToAsync("/members");
        await Expect(student.Content).ToContainTextAsync("Your budget");
        await Expect(student.Content.Locator(".budget")).ToContainTextAsync("of 20,000 tokens used");
        await Expect(student.Content.Locator(".budget-change")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Selected_members_get_the_same_and_one_who_is_removed_is_gone()
    {
        var owner = await ArriveAsAsync(Owner);
        await owner.GoToAsync("/members");
        await owner.OpenDialogAsync("Invite a member", "Invite a member");
        await owner.FillAsync("E-mail address", "leaver@school.example");
        await owner.ClickAsync("Send invitation");
        await owner.DialogClosedAsync();

        await owner.Content.GetByLabel("Select leaver@school.example").CheckAsync();
        await owner.Content.GetByLabel("Select Demo student").CheckAsync();
        await owner.OpenDialogAsync("Allocate to 2 selected", "Allocate");
        await owner.FillAsync("Amount for each", "7");
        await owner.ClickAsync("Allocate");
        await owner.DialogClosedAsync();
        await Expect(Row(owner, "leaver@school.example")).ToContainTextAsync("7 tokens left");

        await Act(owner, "leaver@school.example", "Remove");
        await owner.ClickAsync("Remove");
        await Expect(Row(owner, "leaver@school.example")).ToHaveCountAsync(0);
    }
    [Fact]
    public async Task Somebody_opens_an_organisation_and_is_its_owner()
    {
        var customer = await ArriveAsAsync("support@demo.example");
        await customer.GoToAsync("/members");
        await customer.OpenDialogAsync("Create an organisation", "Create an organisation");
        await customer.FillAsync("Name of the organisation", "Evening class");
        await customer.ClickAsync("Create an organisation");
        await customer.ClickAsync("Open the organisation");

        await customer.ReadyAsync();
        await customer.GoToAsync("/members");
        await Expect(customer.Content).ToContainTextAsync("Who belongs to Evening class");
        await Expect(Row(customer, "Demo support")).ToContainTextAsync("Owner");
    }

    private static ILocator Row(Visitor visitor, string text) => visitor.Content.Locator("tbody tr")
        .Filter(new() { HasTextRegex = new Regex($@"(?<![\w.]){Regex.Escape(text)}") });

    private static async Task Allocate(Visitor owner, string email, string unit, string amount)
    {
        await Row(owner, email).Locator(".rz-splitbutton > button").First.ClickAsync();
        await Expect(owner.Dialog("Allocate")).ToBeVisibleAsync();
        await owner.Scope().GetByLabel(unit, new() { Exact = true }).CheckAsync();
        await owner.FillAsync("Amount", amount);
        if (amount.Length > 6) await owner.ClickAsync("Allocate");
    }

    private static async Task Act(Visitor owner, string email, string action)
    {
        await Row(owner, email).Locator(".rz-splitbutton > button").Nth(1).ClickAsync();
        await owner.Page.GetByRole(AriaRole.Menuitem, new() { Name = action }).Filter(new() { Visible = true }).ClickAsync();
    }
}
