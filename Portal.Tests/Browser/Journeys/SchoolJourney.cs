using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Commands;
using Portal.Inference;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Journeys;

/// <summary>The way of a school: its owner hands quota to students, who prompt from it until it is used up.</summary>
public sealed class SchoolJourney(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string Student = "mei@journey.example";
    private const string Other = "tao@journey.example";

    [Fact]
    public async Task An_owner_hands_out_quota_and_students_prompt_from_it_until_it_is_used_up()
    {
        await App.Services.GetRequiredService<ModelHost>().Ready;
        var owner = await ArriveAsync();
        await owner.SignInAsync("owner@school.example", DemoPeople.Password);
        await owner.NavigateAsync("Members");

        await InviteAsync(owner, Student);
        await AllocateAsync(owner, Student, "Images", "200", "200 images");
        await AllocateAsync(owner, Student, "Tokens", "50000", "50,000 tokens");
        await TakeBackAsync(owner, Student, "Images", "50", "50 images");
        await Assertions.Expect(Row(owner, Student)).ToContainTextAsync("150 images left");
        await Assertions.Expect(Row(owner, Student)).ToContainTextAsync("50,000 tokens left");
        await owner.KeepScreenshotAsync("journey-school-members");
        await InviteAsync(owner, Other);
        await AllocateAsync(owner, Other, "Tokens", "3", "3 tokens");

        var student = await JoinAsync(Student, "Mei");
        await student.GoToAsync("/members");
        await Assertions.Expect(student.Content).ToContainTextAsync("150 images");
        await Assertions.Expect(student.Content).ToContainTextAsync("50,000 tokens");
        await student.KeepScreenshotAsync("journey-school-allowance");
        await student.NavigateAsync("Playground");
        await student.WritePromptAsync(picture: false, "What is a token?");
        await student.SendPromptAsync(receipts: 1);
        await student.WritePromptAsync(picture: true, "a red circle on a blue background");
        await student.SendPromptAsync(receipts: 1);
        await Assertions.Expect(student.Content.Locator("details.receipt").First).ToContainTextAsync("Seat allocation");
        await student.KeepScreenshotAsync("journey-school-answers");

        var other = await JoinAsync(Other, "Tao");
        await other.NavigateAsync("Playground");
        await other.Content.Locator("#prompt").FillAsync("What is a token?");
        await Assertions.Expect(other.Content.Locator(".notice")).ToContainTextAsync("organisation");
        await other.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(other.Content.Locator(".notice")).ToContainTextAsync("organisation");
        await other.KeepScreenshotAsync("journey-school-used-up");
        await Assertions.Expect(other.Content.Locator("#prompt")).ToHaveValueAsync("What is a token?");

        await using var db = App.Database.Open();
        Assert.Equal(2, await db.UsageRecords.CountAsync(TestContext.Current.CancellationToken));
        await Books.AssertClean(App.Database.Factory);
    }

    private static async Task InviteAsync(Visitor owner, string email)
    {
        await owner.OpenDialogAsync("Invite a member", "Invite a member");
        await owner.FillAsync("E-mail address", email);
        await owner.Button("Send invitation").DblClickAsync();
        await owner.NotifiedAsync(email);
        await owner.DialogClosedAsync();
        await Assertions.Expect(Row(owner, email)).ToHaveCountAsync(1);
    }

    private static async Task AllocateAsync(Visitor owner, string email, string unit, string amount, string said)
    {
        await owner.Content.GetByRole(AriaRole.Button, new() { Name = $"Allocate to {email}", Exact = true }).ClickAsync();
        await FillQuotaAsync(owner, "Allocate", unit, amount);
        await owner.Button("Allocate").DblClickAsync();
        await owner.DialogClosedAsync();
        await Assertions.Expect(Row(owner, email)).ToContainTextAsync($"{said} left");
    }

    private static async Task TakeBackAsync(Visitor owner, string email, string unit, string amount, string said)
    {
        await Row(owner, email).Locator(".rz-splitbutton-menubutton").ClickAsync();
        await owner.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Take back" }).ClickAsync();
        await FillQuotaAsync(owner, "Take back", unit, amount);
        await owner.Button("Take back").DblClickAsync();
        await owner.NotifiedAsync($"{said} taken back");
        await owner.DialogClosedAsync();
    }

    private static ILocator Row(Visitor owner, string email) => owner.Content.Locator("tbody tr").Filter(new() { HasText = email });

    private static async Task FillQuotaAsync(Visitor owner, string title, string unit, string amount)
    {
        await Assertions.Expect(owner.Dialog(title)).ToBeVisibleAsync();
        await owner.Scope().GetByText(unit, new() { Exact = true }).ClickAsync();
        await owner.FillAsync("Amount", amount);
    }

    /// <summary>Somebody opens the invitation's link at a browser of their own and sets a name and a password.</summary>
    private async Task<Visitor> JoinAsync(string email, string name)
    {
        var student = await ArriveAsync();
        await student.FollowLetterAsync(App, email, "invit");
        await student.FillAsync("Your name", name);
        await student.FillAsync("Password", People.Password);
        await student.ClickAsync("Start");
        await student.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await student.ReadyAsync();
        await student.SignOutAsync();
        await student.SignInAsync(email, People.Password);
        return student;
    }
}
