using Portal.Payments.Gateway;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Accounts.Mail;
using Portal.Billing;
using Portal.Catalog;
using Portal.Data;
using Portal.Payments;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>
/// The payments part of the portal on a real server and a database of its own. Nothing is sent by itself: a test calls
/// <see cref="DeliverAsync"/> when webhooks are to arrive.
/// </summary>
public sealed class PaymentsHost : IAsyncDisposable
{
    public const string ApiKey = "sk_test_portalsandboxindevelopment";
    public const string WebhookSecret = "whsec_portalsandboxindevelopment";

    private const string WebhookEndpointPath = "/payments/webhook";

    private readonly WebApplication app;
    private readonly bool ownsDatabase;

    private PaymentsHost(WebApplication app, TestDatabase database, FakeTime time, bool ownsDatabase)
    {
        this.app = app;
        this.ownsDatabase = ownsDatabase;
        Database = database;
        Time = time;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public TestDatabase Database { get; }

    public FakeTime Time { get; }

    public Uri Address { get; }

    /// <summary>Speaks to the server with the sandbox's key; redirects are not followed.</summary>
    public HttpClient Http { get; }

    /// <summary>Answers every webhook with 503 before the portal sees it.</summary>
    public bool RefuseWebhooks { get; set; }

    /// <summary>The bodies of the webhooks that reached the portal, in their order.</summary>
    public List<string> Arrived { get; } = [];

    public SandboxFaults Faults => Get<SandboxFaults>();

    public static async Task<PaymentsHost> StartAsync(DatabaseProvider provider = DatabaseProvider.Sqlite) =>
        await StartAsync(await TestDatabase.CreateAsync(provider), new FakeTime(), ownsDatabase: true);

    /// <summary>Another node of the same portal: the same database and clock.</summary>
    public Task<PaymentsHost> StartOtherNodeAsync() => StartAsync(Database, Time, ownsDatabase: false);

    private static async Task<PaymentsHost> StartAsync(TestDatabase database, FakeTime time, bool ownsDatabase)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ApplicationName = typeof(PaymentsSetup).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IDbContextFactory<PortalDb>>(database.Factory);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddLocalization();
        builder.Services.AddRazorComponents();
        builder.AddCatalog();
        builder.AddBilling();
        builder.AddPayments();
        builder.Services.AddSingleton<OwnAddress>();
        builder.Services.AddSingleton<LetterLinks>();
        builder.Services.RemoveAll<IHostedService>();
        var app = builder.Build();
        app.UseRequestLocalization(options => options.AddSupportedCultures("en", "zh-CN").AddSupportedUICultures("en", "zh-CN"));
        PaymentsHost? host = null;
        app.Use(async (http, next) =>
        {
            if (http.Request.Path == WebhookEndpointPath) await host!.SeeWebhookAsync(http, next);
            else await next(http);
        });
        app.MapPayments();
        await app.StartAsync();
        return host = new PaymentsHost(app, database, time, ownsDatabase);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Sends all webhooks that are due; returns how many were accepted.</summary>
    public Task<int> DeliverAsync() => Get<WebhookSender>().DeliverDue(CancellationToken.None);

    /// <summary>Lets the gateway's waits between tries pass, however long they are.</summary>
    public async Task<T> WhileTimePassesAsync<T>(Task<T> work)
    {
        await Until.TrueAsync("the gateway has been tried", () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(work.IsCompleted);
        });
        return await work;
    }

    /// <summary>Asks the sandbox's API; the fields are form-encoded.</summary>
    public async Task<(int Status, JsonObject Body, HttpResponseHeaders Headers)> ApiAsync(
        HttpMethod method, string path, string? idempotencyKey = null, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, "/sandbox/stripe/v1/" + path);
        if (method == HttpMethod.Post) request.Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject(), response.Headers);
    }

    public async Task<JsonObject> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var (status, body, _) = await ApiAsync(HttpMethod.Post, path, null, fields);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return body;
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        var (status, body, _) = await ApiAsync(HttpMethod.Get, path);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return body;
    }

    /// <summary>A checkout session of ¥100.00.</summary>
    public Task<JsonObject> CreateSessionAsync(params (string Name, string Value)[] more) => PostAsync("checkout/sessions",
    [
        ("mode", "payment"), ("success_url", $"{Address}billing?session={{CHECKOUT_SESSION_ID}}"), ("cancel_url", $"{Address}billing"),
        ("line_items[0][quantity]", "1"), ("line_items[0][price_data][currency]", "cny"), ("line_items[0][price_data][unit_amount]", "10000"),
        ("line_items[0][price_data][product_data][name]", "Credit"), .. more,
    ]);

    /// <summary>Fills in the hosted page and presses Pay.</summary>
    public async Task<(int Status, string? Location, string Html)> PayAsync(string sessionId, string number, string expiry = "12/34", string cvc = "123")
    {
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("number", number), KeyValuePair.Create("expiry", expiry), KeyValuePair.Create("cvc", cvc), KeyValuePair.Create("name", "Li Lei"),
        ]);
        using var response = await Http.PostAsync(new Uri($"/sandbox/checkout/{sessionId}", UriKind.Relative), form);
        return ((int)response.StatusCode, response.Headers.Location?.ToString(), await response.Content.ReadAsStringAsync());
    }

    /// <summary>Answers what the card holder's bank asks.</summary>
    public async Task<(int Status, string? Location)> AuthenticateAsync(string path, bool confirm)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("answer", confirm ? "confirm" : "fail")]);
        using var response = await Http.PostAsync(new Uri(path, UriKind.Relative), form);
        return ((int)response.StatusCode, response.Headers.Location?.ToString());
    }

    public async Task<int> SendWebhookAsync(string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, WebhookEndpointPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null) request.Headers.TryAddWithoutValidation(StripeSignature.Header, signature);
        using var response = await Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        if (ownsDatabase) await Database.DisposeAsync();
    }

    private async Task SeeWebhookAsync(HttpContext http, RequestDelegate next)
    {
        if (RefuseWebhooks)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        http.Request.EnableBuffering();
        using (var reader = new StreamReader(http.Request.Body, Encoding.UTF8, leaveOpen: true))
        {
            var body = await reader.ReadToEndAsync();
            lock (Arrived) Arrived.Add(body);
        }
        http.Request.Body.Position = 0;
        await next(http);
    }
}
