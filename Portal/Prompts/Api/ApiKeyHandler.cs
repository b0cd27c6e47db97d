using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Accounts;

namespace Portal.Prompts.Api;

/// <summary><c>Authorization: Bearer pk_…</c>. Its principal names the key and nobody else: it signs nobody in to a page.</summary>
public sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeys keys, Callers callers, ApiErrors errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";
    private const string KeyClaim = "portal:key";

    /// <summary>Who calls with the request's key, read again; null when the key or its member is gone by now.</summary>
    public static async Task<Caller?> CallerOf(HttpContext http, Callers callers) =>
        KeyOf(http) is { } keyId ? await callers.ResolveKey(keyId, http.RequestAborted) : null;

    /// <summary>The id of the key that the request was authenticated by.</summary>
    public static Guid? KeyOf(HttpContext http) => Guid.TryParse(http.User.FindFirstValue(KeyClaim), out var keyId) ? keyId : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (await keys.Authenticate(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } keyId
            || await callers.ResolveKey(keyId, Context.RequestAborted) is null)
        {
            return AuthenticateResult.Fail("no such key");
        }

        var identity = new ClaimsIdentity([new Claim(KeyClaim, keyId.ToString())], Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => errors.Write(Context, new Refusal("api.key"));
}
