using System.Collections.Concurrent;
using System.Globalization;

namespace Portal.Prompts.Api.Rates;

/// <summary>Keeps callers of the API to their rates and tells them what is left. Each node counts what it serves.</summary>
public sealed class RequestRates(TimeProvider clock)
{
    /// <summary>Buckets that are kept before the full ones are forgotten.</summary>
    private const int BucketsMax = 10_000;

    private readonly ConcurrentDictionary<(RateRule Rule, string Subject), RateBucket> buckets = new();

    /// <param name="subject">Whose: a key, an address.</param>
    /// <returns>The refusal, with the whole seconds to wait; null: go on.</returns>
    public Refusal? Take(HttpContext http, RateRule rule, string subject, int count = 1)
    {
        var now = clock.GetElapsedTime(0);
        Forget(now);
        var answer = buckets.GetOrAdd((rule, subject), _ => new RateBucket(rule)).Take(count, now);
        Tell(http.Response.Headers, rule, answer);
        return answer.Allowed ? null : new Refusal($"rate.{rule.Name}", Seconds(answer.Reset), rule.Burst.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>In the names that OpenAI's clients read, and in those of the IETF's draft.</summary>
    private static void Tell(IHeaderDictionary headers, RateRule rule, RateAnswer answer)
    {
        var (limit, remaining) = (rule.Burst.ToString(CultureInfo.InvariantCulture), answer.Remaining.ToString(CultureInfo.InvariantCulture));
        headers[$"x-ratelimit-limit-{rule.Name}"] = limit;
        headers[$"x-ratelimit-remaining-{rule.Name}"] = remaining;
        headers[$"x-ratelimit-reset-{rule.Name}"] = $"{(long)answer.Reset.TotalMilliseconds}ms";
        headers.Append("RateLimit-Policy", $"\"{rule.Name}\";q={limit};w={Seconds(rule.Window)}");
        headers.Append("RateLimit", $"\"{rule.Name}\";r={remaining};t={Seconds(answer.Reset)}");
    }

    private static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private void Forget(TimeSpan now)
    {
        if (buckets.Count <= BucketsMax)
        {
            return;
        }

        foreach (var (key, bucket) in buckets)
        {
            if (bucket.IsFull(now))
            {
                buckets.TryRemove(key, out _);
            }
        }
    }
}
