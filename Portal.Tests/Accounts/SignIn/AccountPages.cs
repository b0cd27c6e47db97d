using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.Accounts.SignIn;

/// <summary>One browser without script at the account pages: posts their forms as a person's browser would, or as a forger's.</summary>
internal sealed partial class AccountPages(PortalApp portal) : IDisposable
{
    public const string Password = "correct horse 1";

    private readonly CookieContainer cookies = new();
    private HttpClient? client;

    private HttpClient Client => client ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = portal.Address };

    /// <summary>What the browser's cookie says of whoever is signed in.</summary>
    public ClaimsPrincipal Session => portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme)
        .TicketDataFormat.Unprotect(cookies.GetCookies(portal.Address)[".AspNetCore.Identity.Application"]!.Value)!.Principal;

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    public async Task<Answer> Get(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        return await Answer.Of(response);
    }

    /// <summary>Opens the page, fills the form and sends it.</summary>
    public async Task<Answer> Submit(string path, string form, params (string Name, string Value)[] fields)
    {
        var token = await TokenOf(path);
        return await Post(path, [("_handler", form), token, .. fields]);
    }

    /// <summary>What a form of the page at this path sends beside its own fields, so that it is no forger's.</summary>
    public async Task<(string Name, string Value)> TokenOf(string path) => Token().Match((await Get(path)).Html) is { Success: true } found
        ? ("__RequestVerificationToken", WebUtility.HtmlDecode(found.Groups[1].Value)) : throw new InvalidOperationException($"{path} has no form.");

    public async Task<Answer> Post(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await Client.PostAsync(new Uri(path, UriKind.RelativeOrAbsolute), content);
        return await Answer.Of(response);
    }

    public Task<Answer> Register(string email) => Submit("/account/register", "register", ("Input.Email", email));

    /// <summary>Follows the newest letter's link and chooses name and password there, which also signs in.</summary>
    public Task<Answer> Join(string email, string password = Password, string name = "Ada") =>
        Submit(LinkTo(email), "invitation", ("Input.Name", name), ("Input.Password", password));

    public Task<Answer> SignIn(string email, string password = Password, string returnUrl = "") =>
        Submit($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "login", ("Input.Email", email), ("Input.Password", password));

    /// <summary>Somebody who registered in another browser.</summary>
    public async Task RegisterAndJoin(string email)
    {
        using var elsewhere = new AccountPages(portal);
        await elsewhere.Register(email);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.Join(email)).Status);
    }

    public IReadOnlyList<Letter> LettersTo(string email) =>
        [.. portal.Services.GetRequiredService<MailPickup>().List().Select(picked => picked.Letter).Where(letter => letter.To == email)];

    /// <summary>The link of the newest letter.</summary>
    public string LinkTo(string email) => WebUtility.HtmlDecode(Link().Match(LettersTo(email)[0].Html).Groups[1].Value);

    public void Dispose() => client?.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link();

    /// <param name="Html">Decoded: as a person reads it.</param>
    internal sealed partial record Answer(HttpStatusCode Status, string? Location, string Html)
    {
        /// <summary>What a person sees, without what differs from request to request.</summary>
        public string Seen => Changing().Replace(Html, "");

        public static async Task<Answer> Of(HttpResponseMessage response) =>
            new(response.StatusCode, response.Headers.Location?.ToString(), WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));

        [GeneratedRegex("value=\"[^\"]*\"|<!--.*?-->|[0-9a-f]{32}|CfDJ8[\\w-]+")]
        private static partial Regex Changing();
    }
}
