using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Accounts.Trials;

/// <summary>
/// A browser's long-lived cookie: a random number, sealed by the portal so that nobody can make up one. It says nothing of a person and is looked at when
/// somebody registers, so that trial credit is given once.
/// </summary>
public sealed class TrialDevice(IDataProtectionProvider protection)
{
    public const string Cookie = "portal-device";

    private const int Bytes = 16;
    private static readonly TimeSpan Life = TimeSpan.FromDays(400);

    private readonly IDataProtector protector = protection.CreateProtector("Portal.TrialDevice");

    /// <summary>The number in the request's cookie.</summary>
    /// <returns>Null without a cookie that this portal has sealed.</returns>
    public string? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and < 1024 } value)
        {
            return null;
        }

        try
        {
            return protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Gives a browser its number, unless it has one; before the answer begins.</summary>
    public void Give(HttpContext http)
    {
        if (Read(http) is not null || http.Response.HasStarted)
        {
            return;
        }

        http.Response.Cookies.Append(Cookie, protector.Protect(Convert.ToHexString(RandomNumberGenerator.GetBytes(Bytes))), new CookieOptions
        {
            HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, MaxAge = Life, IsEssential = true, Path = "/account",
        });
    }
}
