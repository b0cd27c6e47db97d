using System.Net;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser;

public sealed class SmokeTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task The_portal_starts_and_says_that_it_is_ready()
    {
        using var client = App.NewClient();

        var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_path_answers_404_with_a_page()
    {
        using var client = App.NewClient();

        var response = await client.GetAsync(new Uri("/nothing-here", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory, MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task Pages_that_need_no_signing_in_are_good(Look look)
    {
        var visitor = await ArriveAsync(look);
        foreach (var page in (string[])["login", "register", "forgot-password", "resend-confirmation"])
        {
            await visitor.GoToAsync($"/account/{page}");
            await visitor.AssertPageIsGoodAsync($"account-{page}");
        }

        await visitor.GoToAsync("/nothing-here", status: 404);
        await visitor.AssertPageIsGoodAsync("not-found");
    }

    [Theory, MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task A_person_signs_in_and_sees_the_overview(Look look)
    {
        var person = await App.AddPersonAsync($"{look}@example.com", look.Language);
        var visitor = await ArriveAsync(look);

        await visitor.SignInAsync(person.Email, People.Password);

        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await visitor.AssertPageIsGoodAsync("overview");
    }
}
