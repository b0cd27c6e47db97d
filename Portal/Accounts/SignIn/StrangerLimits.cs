using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Accounts.Trials;

namespace Portal.Accounts.SignIn;

/// <summary>
/// How often one network may have passwords checked and letters written without being signed in: each costs processor time that answers and charges
/// need, or somebody else's patience. A whole class behind one address comes in at once; no more than that.
/// </summary>
internal static class StrangerLimits
{
    public const int AtOnce = 120;
    public const int LettersAtOnce = 60;

    private static readonly string[] Writes = ["/account/register", "/account/resend-confirmation", "/account/forgot-password", "/account/address"];

    public static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (string Network, bool Letters)>(Of);
        options.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Redirect("/account/lockout?network=true");
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>A form of the account pages that somebody sends.</summary>
    public static bool Concerns(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase);

    private static RateLimitPartition<(string Network, bool Letters)> Of(HttpContext http)
    {
        // Of this machine and of private networks the address tells nobody from another.
        if (TrialSignals.Of(null, http.Connection.RemoteIpAddress).Network is not { } network)
        {
            return RateLimitPartition.GetNoLimiter(("", false));
        }

        var letters = http.Request.Path.Value!.TrimEnd('/') is var path && Writes.Contains(path, StringComparer.OrdinalIgnoreCase);
        return RateLimitPartition.GetTokenBucketLimiter((Network: network, Letters: letters), key => new TokenBucketRateLimiterOptions
        {
            TokenLimit = key.Letters ? LettersAtOnce : AtOnce, TokensPerPeriod = key.Letters ? 10 : 60, ReplenishmentPeriod = TimeSpan.FromMinutes(1), AutoReplenishment = true,
        });
    }
}
