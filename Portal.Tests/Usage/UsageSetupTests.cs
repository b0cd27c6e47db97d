using System.Net;
using Portal.Tests.Accounts.SignIn;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Usage;

public sealed class UsageSetupTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?model=nothing", HttpStatusCode.OK)]
    [InlineData("?model=%00", HttpStatusCode.BadRequest)]
    [InlineData("?range=99", HttpStatusCode.NotFound)]
    public async Task An_export_of_what_cannot_be_is_refused(string query, HttpStatusCode status)
    {
        using var pages = new AccountPages(portal);
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email);

        Assert.Equal(status, (await pages.Get($"/usage/export.csv{query}")).Status);
    }
}
