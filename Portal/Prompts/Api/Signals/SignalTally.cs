namespace Portal.Prompts.Api.Signals;

/// <summary>The sightings of one subject under one rule. Holds no more of them than it takes to flag it. Its times are of a clock that nobody sets.</summary>
internal sealed class SignalTally(SignalRule rule)
{
    private readonly Dictionary<string, TimeSpan> seen = new(StringComparer.Ordinal);

    /// <summary>While it is flagged: since when without a break.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>The latest sighting.</summary>
    public TimeSpan Last { get; private set; }

    /// <summary>Sightings that led to the flag and those since; while it is not flagged, those of the window.</summary>
    public long Count { get; private set; }

    public TimeSpan Until { get; private set; }

    public bool IsFlagged(TimeSpan now) => now < Until;

    /// <param name="what">What was seen; the same again counts once within the window.</param>
    public void Add(string what, TimeSpan now)
    {
        foreach (var (old, at) in seen.Where(sighting => now - sighting.Value >= rule.Window).ToList())
        {
            seen.Remove(old);
        }

        var (known, flagged) = (seen.ContainsKey(what), IsFlagged(now));
        seen[what] = now;
        if (seen.Count > rule.Sightings)
        {
            seen.Remove(seen.MinBy(sighting => sighting.Value).Key);
        }

        Last = now;
        Count = !flagged ? seen.Count : known ? Count : Count + 1;
        if (seen.Count >= rule.Sightings)
        {
            Since = flagged ? Since : now;
            Until = now + rule.For;
        }
    }
}
