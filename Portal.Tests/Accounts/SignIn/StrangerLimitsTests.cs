using System.Net;
using Microsoft.AspNetCore.Hosting;
using Portal.Accounts.SignIn;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class StrangerLimitsTests(StrangerLimitsTests.BehindProxy portal) : IClassFixture<StrangerLimitsTests.BehindProxy>
{
    [Fact]
    public async Task One_network_has_only_so_many_forms_looked_at_and_another_is_not_concerned()
    {
        // Within one /64, whose addresses one visitor may choose from.
        Assert.InRange(await LetThrough("/account/login", i => $"2001:db8:0:1::{i:x}"), StrangerLimits.AtOnce, 2 * StrangerLimits.AtOnce);

        Assert.Equal(HttpStatusCode.BadRequest, (await Post("/account/login", "2001:db8:0:2::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("/account/register", "2001:db8:0:1::1")).Status);
    }

    [Fact]
    public async Task Letters_to_others_are_counted_apart()
    {
        Assert.InRange(await LetThrough("/account/forgot-password", _ => "203.0.113.7"), StrangerLimits.LettersAtOnce, 2 * StrangerLimits.LettersAtOnce);

        Assert.Equal(HttpStatusCode.BadRequest, (await Post("/account/login", "203.0.113.7")).Status);
    }

    /// <summary>How many forms are looked at before one is sent away; the limit grows again while they are counted.</summary>
    private async Task<int> LetThrough(string path, Func<int, string> address)
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (status, to) = await Post(path, address(i));
            if (status == HttpStatusCode.Redirect && to == "/account/lockout?network=true") return i;
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }

        return int.MaxValue;
    }

    // Without the form's token: what is let through is refused before anything is looked up.
    private async Task<(HttpStatusCode Status, string? To)> Post(string path, string address)
    {
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("X-Forwarded-For", address);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.Location?.ToString());
    }

    public sealed class BehindProxy : PortalApp
    {
        protected override void Configure(IWebHostBuilder builder) => builder.UseSetting("ForwardedHeaders_Enabled", "true");
    }
}
