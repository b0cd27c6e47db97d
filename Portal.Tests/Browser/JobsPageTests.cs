using System.Net;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Jobs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser;

public sealed class JobsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task An_administrator_runs_a_job_now_and_sees_it_in_the_history()
    {
        var person = await App.AddPersonAsync("jobs.run@example.com", "en", Roles.Administrator);
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/jobs");

        await visitor.Content.GetByRole(AriaRole.Button, new() { Name = "Run now: Forget old request keys" }).ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".runs li").Filter(new() { HasText = "Forget old request keys (by hand)" })).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task For_everyone_else_the_page_does_not_exist()
    {
        var person = await App.AddPersonAsync("jobs.nobody@example.com");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);

        await visitor.GoToAsync("/jobs", status: (int)HttpStatusCode.NotFound);

        await Assertions.Expect(visitor.Content.Locator(".job")).ToHaveCountAsync(0);
    }
}
