using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Accounts.Keys;

namespace Portal.Prompts.Api;

/// <summary><c>Authorization: Bearer pk_…</c>. Its principal is nobody: it signs nobody in to a page.</summary>
public sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, KeyDoor door, ApiErrors errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    private Refusal refusal = new("api.key");

    /// <summary>Who calls with the request's key, as read when it came in; nobody before that.</summary>
    public static Caller CallerOf(HttpContext http) => http.Features.Get<Caller>()!;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var opened = await door.Open(header[Bearer.Length..].Trim(), Context.RequestAborted);
        if (!opened.IsDone(out var shut, out var caller))
        {
            refusal = shut;
            return AuthenticateResult.Fail("no such key");
        }

        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Scheme)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => errors.Write(Context, refusal);
}
