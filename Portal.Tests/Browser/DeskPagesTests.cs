using Microsoft.Playwright;
using Portal.Commands;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

public sealed class DeskPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string SupportEmail = "support@demo.example";
    private const string AdminEmail = "admin@demo.example";

    [Fact]
    public async Task Support_refunds_part_of_a_top_up_and_no_more_than_the_rest()
    {
        var person = await App.AddPersonAsync("payer@desk.example");
        var customer = await ArriveAsync();
        await customer.SignInAsync(person.Email, People.Password);
        await customer.TopUpAsync("100");

        var staff = await ArriveAsync();
        await staff.SignInAsync(SupportEmail, DemoPeople.Password);
        await staff.NavigateAsync("Support desk");
        await staff.FillAsync("E-mail, number or id", "pa");
        await staff.ClickAsync("Search");
        await Expect(staff.Content).ToContainTextAsync("Enter at least 3 characters");
        await staff.FillAsync("E-mail, number or id", "PAYER@desk");
        await staff.ClickAsync("Search");
        await staff.Content.GetByRole(AriaRole.Link, new() { NameRegex = new("^payer") }).ClickAsync();
        await Expect(staff.Content).ToContainTextAsync("¥100.00");

        await staff.ClickAsync("Refund of the payment of ¥100.00");
        await Expect(staff.Field("Amount in yuan")).ToHaveValueAsync("100.00");
        await staff.FillAsync("Amount in yuan", "40");
        await staff.ClickAsync("Refund");
        await Expect(staff.Scope()).ToContainTextAsync("reason");
        await staff.FillAsync("Reason", "Bought twice");
        await staff.Button("Refund").DblClickAsync();
        await staff.NotifiedAsync("¥40.00 refunded");
        await staff.DialogClosedAsync();
        await Expect(staff.Content).ToContainTextAsync("Bought twice");
        await staff.KeepScreenshotAsync("desk-refunded");

        await staff.ClickAsync("Refund of the payment of ¥100.00");
        await Expect(staff.Field("Amount in yuan")).ToHaveValueAsync("60.00");
        await staff.FillAsync("Amount in yuan", "60.02");
        await staff.FillAsync("Reason", "More");
        await staff.ClickAsync("Refund");
        await Expect(staff.Scope()).ToContainTextAsync("60.00");
        await Expect(staff.Scope().Locator(".notice")).ToBeVisibleAsync();
        await staff.KeepScreenshotAsync("desk-refund-refused");

        await customer.GoToAsync("/billing");
        await Expect(customer.Content).ToContainTextAsync("Bought twice");
        await Expect(customer.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥60.00");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_letter_is_answered_at_the_desk_and_closed_by_its_writer()
    {
        var person = await App.AddPersonAsync("writer@desk.example");
        var customer = await ArriveAsync();
        await customer.SignInAsync(person.Email, People.Password);
        await customer.NavigateAsync("Support");
        await customer.ClickAsync("Send");
        await Expect(customer.Content).ToContainTextAsync("Please enter a subject");
        await customer.FillAsync("Subject", "Where is my <b>invoice</b>?");
        await customer.FillAsync("Message", "I looked\neverywhere.");
        await customer.Button("Send").DblClickAsync();
        await customer.NotifiedAsync("Your letter is here");
        await Expect(customer.Content.Locator(".tickets li")).ToHaveCountAsync(1);

        var staff = await ArriveAsync();
        await staff.SignInAsync(SupportEmail, DemoPeople.Password);
        await staff.GoToAsync("/desk");
        await staff.Content.GetByRole(AriaRole.Link, new() { Name = "Where is my <b>invoice</b>?" }).ClickAsync();
        await staff.FillAsync("Your answer", "Under Invoices.");
        await staff.Button("Send").DblClickAsync();
        await Expect(staff.Content.Locator("li")).ToHaveCountAsync(2);

        await customer.GoToAsync("/support");
        await Expect(customer.Content).ToContainTextAsync("Answered");
        await customer.Content.GetByRole(AriaRole.Link, new() { Name = "Where is my <b>invoice</b>?" }).ClickAsync();
        await Expect(customer.Content).ToContainTextAsync("Under Invoices.");
        await customer.ClickAsync("Close");
        await Expect(customer.Content).ToContainTextAsync("This letter is closed");
        await customer.AssertPageIsGoodAsync("support-ticket-closed");
    }

    [Fact]
    public async Task Somebody_who_is_locked_out_is_gone_at_once_and_comes_back_when_unlocked()
    {
        var person = await App.AddPersonAsync("locked@desk.example");
        var customer = await ArriveAsync();
        await customer.SignInAsync(person.Email, People.Password);

        var staff = await ArriveAsync();
        await staff.SignInAsync(SupportEmail, DemoPeople.Password);
        await staff.GoToAsync($"/desk/{person.AccountId}");
        await staff.ClickAsync($"Lock {person.Email}");
        await staff.FillAsync("Reason", "Asked for it");
        await staff.ClickAsync("Lock");
        await staff.NotifiedAsync("is locked");
        await customer.Page.GotoAsync("/billing");
        await customer.Page.WaitForURLAsync("**/account/login*");

        await staff.DialogClosedAsync();
        await staff.ClickAsync($"Unlock {person.Email}");
        await staff.FillAsync("Reason", "Asked again");
        await staff.ClickAsync("Unlock");
        await staff.NotifiedAsync("can sign in again");
        await customer.SignInAsync(person.Email, People.Password);
        await Expect(staff.Content).ToContainTextAsync("Person unlocked");
    }

    [Fact]
    public async Task Only_an_administrator_sets_the_terms_and_the_audit_has_the_reason()
    {
        var person = await App.AddPersonAsync("terms@desk.example");
        var support = await ArriveAsync();
        await support.SignInAsync(SupportEmail, DemoPeople.Password);
        await support.GoToAsync($"/desk/{person.AccountId}");
        await Expect(support.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("terms");
        await Expect(support.Button("Terms")).ToHaveCountAsync(0);

        var admin = await ArriveAsync();
        await admin.SignInAsync(AdminEmail, DemoPeople.Password);
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

    [Fact]
    public async Task Support_gives_credit_up_to_its_limit_and_an_administrator_more_and_the_customer_has_it_at_once()
    {
        var person = await App.AddPersonAsync("granted@desk.example");
        var customer = await ArriveAsync();
        await customer.SignInAsync(person.Email, People.Password);
        var support = await ArriveAsync();
        await support.SignInAsync(SupportEmail, DemoPeople.Password);
        await support.GoToAsync($"/desk/{person.AccountId}");
        await Expect(support.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("granted");
        await support.OpenDialogAsync("Grant credit", "Grant credit");
        await support.FillAsync("Amount in yuan", "150");
        await support.FillAsync("Reason", "Outage");
        await support.ClickAsync("Grant credit");
        await Expect(support.Scope().Locator(".notice")).ToContainTextAsync("100.00");

        var admin = await ArriveAsync();
        await admin.SignInAsync(AdminEmail, DemoPeople.Password);
        await admin.GoToAsync($"/desk/{person.AccountId}");
        await admin.OpenDialogAsync("Grant credit", "Grant credit");
        await admin.FillAsync("Amount in yuan", "150");
        await admin.FillAsync("Reason", "Outage");
        await admin.Button("Grant credit").DblClickAsync();
        await admin.NotifiedAsync("The balance was adjusted");

        await Expect(customer.Page.Locator("header .pill")).ToContainTextAsync("¥150.00");
        await Books.AssertClean(App.Database.Factory);
    }

    [Theory]
    [InlineData("/desk")]
    [InlineData("/desk/01936d3e-8c1f-7e4b-9d55-1f2e3d4c5b6a")]
    [InlineData("/desk/tickets/01936d3e-8c1f-7e4b-9d55-1f2e3d4c5b6a")]
    public async Task For_everybody_else_there_is_no_desk(string path)
    {
        var customer = await ArriveAsync();
        await customer.SignInAsync("customer@demo.example", DemoPeople.Password);

        var response = await customer.Page.GotoAsync(path);

        Assert.Equal(404, response!.Status);
        await Expect(customer.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("not");
    }
}
