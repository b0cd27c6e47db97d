using Microsoft.AspNetCore.Hosting;
using Portal.Accounts.Trials;
using Portal.Tests.Accounts.SignIn;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Trials;

/// <summary>Registration, letter and confirmation as a browser sees them, with a trial of five yuan.</summary>
public sealed class TrialPagesTests(TrialPagesTests.TrialPortal portal) : IClassFixture<TrialPagesTests.TrialPortal>
{
    [Fact]
    public async Task Who_confirms_an_address_is_told_of_the_credit_and_who_comes_again_why_there_is_none()
    {
        using var browser = new AccountPages(portal);
        var first = AccountPages.NewEmail();
        await browser.Register(first);
        Assert.Contains("You have ¥5.00 of trial credit", (await browser.Join(first)).Html, StringComparison.Ordinal);

        var second = AccountPages.NewEmail();
        await browser.Register(second);
        Assert.Contains("it has been given to this browser already", (await browser.Join(second)).Html, StringComparison.Ordinal);

        using var elsewhere = new AccountPages(portal);
        var alias = first.Replace("@", "+again@", StringComparison.Ordinal);
        await elsewhere.Register(alias);
        Assert.Contains("this mailbox has had its own already", (await elsewhere.Join(alias)).Html, StringComparison.Ordinal);
        await Books.AssertClean(portal.Database.Factory);
    }

    [Fact]
    public async Task A_made_up_cookie_is_no_other_device()
    {
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/invitation");
        request.Headers.Add("Cookie", $"{TrialDevice.Cookie}=made-up");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        // It is replaced by one that the portal has sealed.
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith($"{TrialDevice.Cookie}=", StringComparison.Ordinal) && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
    }

    public sealed class TrialPortal : PortalApp
    {
        protected override void Configure(IWebHostBuilder builder) => builder.UseSetting("Trial:Amount", "5");
    }
}
