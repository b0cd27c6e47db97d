using System.Net;
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
}
