namespace Portal.Prompts.Api.Rates;

/// <summary>
/// One bucket of a rule, kept as the instant at which it will be full: no timer fills it, and nothing is counted. Safe for concurrent use.
/// </summary>
internal sealed class RateBucket(RateRule rule)
{
    private readonly Lock taking = new();
    private TimeSpan full;
    private TimeSpan closedUntil;

    /// <param name="now">By a clock that nobody sets: of a wall clock that is set back the bucket would stay empty for as long.</param>
    public RateAnswer Take(int count, TimeSpan now)
    {
        lock (taking)
        {
            if (now < closedUntil)
            {
                return new(false, 0, closedUntil - now);
            }

            var from = full > now ? full : now;
            var after = from + (rule.Interval * count);
            var over = after - now - rule.Window;
            if (over <= TimeSpan.Zero)
            {
                full = after;
                return new(true, (int)((rule.Window - (after - now)) / rule.Interval), after - now);
            }

            closedUntil = rule.CoolDown > TimeSpan.Zero ? now + rule.CoolDown : closedUntil;
            return new(false, (int)((rule.Window - (from - now)) / rule.Interval), rule.CoolDown > TimeSpan.Zero ? rule.CoolDown : over);
        }
    }

    /// <summary>A bucket that is full and open is as a new one.</summary>
    public bool IsFull(TimeSpan now)
    {
        lock (taking)
        {
            return full <= now && closedUntil <= now;
        }
    }
}
