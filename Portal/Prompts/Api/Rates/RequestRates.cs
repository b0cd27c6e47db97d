using System.Collections.Concurrent;
using System.Globalization;

namespace Portal.Prompts.Api.Rates;

/// <summary>Keeps callers to their rates, and tells those of the API what is left. Each node counts what it serves.</summary>
public sealed class RequestRates(TimeProvider clock)
{
    /// <summary>Buckets that are kept before the full ones are forgotten.</summary>
    private const int BucketsMax = 10_000;

    private readonly ConcurrentDictionary<(RateRule Rule, string Subject), RateBucket> buckets = new();

    /// <param name="subject">Whose: a key, an address.</param>
    /// <returns>The refusal, with the whole seconds to wait; null: go on.</returns>
    public Refusal? Take(HttpContext http, RateRule rule, string subject, int count = 1)
    {
        var answer = Answer(rule, subject, count);
        Tell(http.Response.Headers, rule, answer);
        return WhyNot(rule, answer);
    }

    /// <summary>As <see cref="Take(HttpContext, RateRule, string, int)"/>, of whoever does not come by the API.</summary>
    public Refusal? Take(RateRule rule, string subject, int count = 1) => WhyNot(rule, Answer(rule, subject, count));

    private static Refusal? WhyNot(RateRule rule, RateAnswer answer) =>
        answer.Allowed ? null : new Refusal($"rate.{rule.Name}", Seconds(answer.Reset), rule.Burst.ToString(CultureInfo.InvariantCulture));

    private RateAnswer Answer(RateRule rule, string subject, int count)
    {
        var now = clock.GetElapsedTime(0);
        Forget(now);
        return buckets.GetOrAdd((rule, subject), _ => new RateBucket(rule)).Take(count, now);
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
