using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Prompts.Api;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Components;

/// <summary>A portal outside Development whose registration and model list are broken.</summary>
public sealed class FailurePageTests(FailurePageTests.BrokenPortal portal) : IClassFixture<FailurePageTests.BrokenPortal>
{
    private const string Secret = "what only the log may say";

    [Theory]
    [InlineData("en", "Something went wrong")]
    [InlineData("zh-CN", "出")]
    public async Task A_page_that_fails_says_so_in_the_visitors_language_and_nothing_else(string language, string words)
    {
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        var response = await client.GetAsync(new Uri("account/register", UriKind.Relative));

        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains($"lang=\"{language}\"", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account/register")]
    [InlineData("account/login")]
    [InlineData("no-such-page")]
    public async Task Every_page_forbids_scripts_of_others_frames_and_the_forwarding_of_its_address(string page)
    {
        using var client = portal.NewClient();

        var headers = (await client.GetAsync(new Uri(page, UriKind.Relative))).Headers;

        Assert.Equal(("nosniff", "same-origin"), (Assert.Single(headers.GetValues("X-Content-Type-Options")), Assert.Single(headers.GetValues("Referrer-Policy"))));
        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_fails_answers_in_the_apis_shape()
    {
        var customer = await Customer.Arrive(portal);
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", customer.ApiKey);

        var response = await client.GetAsync(new Uri("v1/models", UriKind.Relative));

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("error");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(("server_error", "api.failed"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.DoesNotContain(Secret, error.GetRawText(), StringComparison.Ordinal);
    }

    public sealed class BrokenPortal : PortalApp
    {
        protected override void Configure(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Staging");
            builder.UseSetting("Payments:ApiKey", "sk_test_own");
            builder.UseSetting("Payments:WebhookSecret", "whsec_own");
        }

        protected override void Configure(IServiceCollection services)
        {
            services.AddScoped<Registration>(_ => throw new InvalidOperationException(Secret));
            services.AddSingleton<ModelList>(_ => throw new InvalidOperationException(Secret));
        }
    }
}
