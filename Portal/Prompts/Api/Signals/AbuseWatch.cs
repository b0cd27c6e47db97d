namespace Portal.Prompts.Api.Signals;

/// <summary>
/// Counts what does not look like honest use, in memory and for what this node serves. A subject is a key or an address; what is flagged gets a slower rate
/// for a while and stands on the support desk.
/// </summary>
public sealed class AbuseWatch(TimeProvider clock)
{
    /// <summary>Subjects that are watched at once: beyond it new ones wait until old ones are over.</summary>
    public const int SubjectsMax = 10_000;

    private readonly Lock sync = new();
    private readonly Dictionary<(SignalRule Rule, string Subject), (SignalTally Tally, Guid AccountId)> tallies = [];

    /// <summary>Every flagged subject, the latest first.</summary>
    public IReadOnlyList<AbuseSignal> Flagged
    {
        get
        {
            var now = clock.GetUtcNow();
            lock (sync)
            {
                return
                [
                    .. tallies.Where(t => t.Value.Tally.IsFlagged(now)).OrderByDescending(t => t.Value.Tally.Last).Select(t => new AbuseSignal(
                        t.Key.Rule, t.Key.Subject, t.Value.AccountId, t.Value.Tally.Count, t.Value.Tally.Since, t.Value.Tally.Last, t.Value.Tally.Until)),
                ];
            }
        }
    }

    /// <param name="what">What was seen; the same again counts once.</param>
    /// <param name="accountId">Whose it was, the latest time.</param>
    public void Saw(SignalRule rule, string subject, string what, Guid accountId)
    {
        var now = clock.GetUtcNow();
        lock (sync)
        {
            if (!tallies.TryGetValue((rule, subject), out var known))
            {
                Forget(now);
                if (tallies.Count >= SubjectsMax)
                {
                    return;
                }

                known.Tally = new SignalTally(rule);
            }

            known.Tally.Add(what, now);
            tallies[(rule, subject)] = known with { AccountId = accountId };
        }
    }

    /// <summary>The rule that slows a subject down now; null: none.</summary>
    public SignalRule? SlowsDown(string subject, params ReadOnlySpan<SignalRule> rules)
    {
        var now = clock.GetUtcNow();
        lock (sync)
        {
            foreach (var rule in rules)
            {
                if (tallies.TryGetValue((rule, subject), out var known) && known.Tally.IsFlagged(now))
                {
                    return rule;
                }
            }

            return null;
        }
    }

    /// <returns>False: it was not flagged any more.</returns>
    public bool Clear(SignalRule rule, string subject)
    {
        lock (sync)
        {
            return tallies.Remove((rule, subject));
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (tallies.Count < SubjectsMax)
        {
            return;
        }

        foreach (var key in tallies.Where(t => t.Value.Tally.IsOver(now)).Select(t => t.Key).ToList())
        {
            tallies.Remove(key);
        }
    }
}
