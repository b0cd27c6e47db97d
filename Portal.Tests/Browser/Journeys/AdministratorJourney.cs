using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Jobs;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Journeys;

/// <summary>The way of an administrator: everything that support staff do, and besides it the jobs and goodwill credit.</summary>
public sealed class AdministratorJourney(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string Admin = "root@journey.example";
    private const string Email = "han@journey.example";

    [Fact]
    public async Task An_administrator_runs_a_job_locks_and_unlocks_a_person_grants_and_refunds()
    {
        var person = await App.AddPersonAsync(Email);
        await App.AddPersonAsync(Admin, "en", Roles.Administrator);
        await App.TopUpAsync(person, "100");
        var customer = await ArriveAsAsync(Email);

        var admin = await ArriveAsync();
        await admin.SignInAsync(Admin, People.Password);
        await RunAJobAsync(admin);
        await FindAsync(admin);
        await LockAndUnlockAsync(admin, customer);
        await GrantAsync(admin, customer);
        await RefundAsync(admin, customer);

        foreach (var deed in (string[])["Person locked", "Person unlocked"]) await Expect(admin.Content).ToContainTextAsync(deed);
        await Expect(admin.Content.Locator(".figure-large")).ToHaveTextAsync("¥220.00");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task Support_staff_see_the_desk_and_neither_jobs_nor_terms()
    {
        var person = await App.AddPersonAsync("helped@journey.example");
        var staff = await App.AddPersonAsync("helper@journey.example", "en", Roles.Support);
        var visitor = await ArriveAsAsync(staff.Email);

        string[] others = ["/jobs", "/audit", "/reconciliation", "/coupons", "/pools", "/models", "/catalogue", "/catalogue/prices", "/catalogue/plans/image-basic", "/catalogue/drafts/1", "/catalogue/export"];
        foreach (var path in others) Assert.Equal((path, 404), (path, (await visitor.Page.APIRequest.GetAsync(path)).Status));
        await visitor.GoToAsync($"/desk/{person.AccountId}");
        await Expect(visitor.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Jobs" })).ToHaveCountAsync(0);
        await Expect(visitor.Button("Terms")).ToHaveCountAsync(0);
        await Expect(visitor.Button($"Lock {person.Email}")).ToBeVisibleAsync();
    }

    // By hand, so that the history tells it from the runs on schedule.
    private static async Task RunAJobAsync(Visitor admin)
    {
        await admin.NavigateAsync("Jobs");
        var jobs = admin.Content.Locator(".job");
        await Expect(jobs).ToHaveCountAsync(Schedule.Jobs.Count);
        await Expect(jobs.Locator(".job-name time")).ToHaveCountAsync(Schedule.Jobs.Count);

        await admin.Content.GetByRole(AriaRole.Button, new() { Name = "Run now: Forget old request keys" }).DblClickAsync();

        await admin.NotifiedAsync("Forget old request keys");
        var run = admin.Content.Locator(".runs li").Filter(new() { HasText = "Forget old request keys (by hand)" }).First;
        await Expect(run).ToContainTextAsync("Done");
        await Expect(jobs.Filter(new() { HasText = "Forget old request keys" }).Locator(".job-last time")).ToBeVisibleAsync();
    }

    private static async Task FindAsync(Visitor admin)
    {
        await admin.NavigateAsync("Support desk");
        await admin.FillAsync("E-mail, number or id", "han@jour");
        await admin.ClickAsync("Search");
        await admin.Content.Locator(".hits li").Filter(new() { HasText = Email }).GetByRole(AriaRole.Link).ClickAsync();
        await admin.ReadyAsync();
        await Expect(admin.Content.Locator(".figure-large")).ToHaveTextAsync("¥100.00");
    }

    private static async Task LockAndUnlockAsync(Visitor admin, Visitor customer)
    {
        await admin.OpenDialogAsync($"Lock {Email}", $"Lock {Email}");
        await admin.ClickAsync("Lock");
        await Expect(admin.Scope().GetByRole(AriaRole.Alert)).ToContainTextAsync("reason");
        await admin.FillAsync("Reason", "The card was reported as stolen");
        await admin.Button("Lock").DblClickAsync();
        await admin.NotifiedAsync("is locked");
        await admin.DialogClosedAsync();
        await customer.Page.GotoAsync("/billing");
        await customer.Page.WaitForURLAsync("**/account/login*");

        await admin.OpenDialogAsync($"Unlock {Email}", $"Unlock {Email}");
        await admin.FillAsync("Reason", "It was a mistake");
        await admin.Button("Unlock").DblClickAsync();
        await admin.NotifiedAsync("can sign in again");
        await admin.DialogClosedAsync();
        await customer.SignInAsync(Email, People.Password);
    }

    private static async Task GrantAsync(Visitor admin, Visitor customer)
    {
        await admin.OpenDialogAsync("Grant credit", "Grant credit");
        await admin.FillAsync("Amount in yuan", "150");
        await admin.FillAsync("Reason", "For the trouble");
        await admin.Button("Grant credit").DblClickAsync();
        await admin.NotifiedAsync("The balance was adjusted");
        await admin.DialogClosedAsync();
        await Expect(customer.Page.Locator("header .pill")).ToContainTextAsync("¥250.00");
    }

    private async Task RefundAsync(Visitor admin, Visitor customer)
    {
        await admin.OpenDialogAsync("Refund of the payment of ¥100.00", "Refund");
        await admin.FillAsync("Amount in yuan", "30");
        await admin.FillAsync("Reason", "Paid too much");
        await admin.Button("Refund").DblClickAsync();
        await admin.NotifiedAsync("¥30.00 refunded");
        await admin.DialogClosedAsync();
        await Expect(customer.Page.Locator("header .pill")).ToContainTextAsync("¥220.00");
        await using var db = App.Database.Open();
        Assert.Equal(30_000_000_000, await db.Refunds.SumAsync(r => r.AmountNanos, TestContext.Current.CancellationToken));
    }
}
