namespace Portal.Prompts.Api.Signals;

/// <summary>
/// Counts what does not look like honest use, in memory and for what this node serves. A subject is a key or an address; what is flagged gets a slower rate
/// for a while and stands on the support desk.
/// </summary>
public sealed class AbuseWatch(TimeProvider clock)
{
    /// <summary>Subjects that a rule watches at once: beyond it those go that were not seen for longest, and of the flagged ones none before the others.</summary>
    public const int SubjectsMax = 10_000;

    private readonly Lock sync = new();
    private readonly Dictionary<SignalRule, Dictionary<string, (SignalTally Tally, Guid AccountId)>> watched = [];

    /// <summary>Every flagged subject, the latest first.</summary>
    public IReadOnlyList<AbuseSignal> Flagged
    {
        get
        {
            var (now, today) = (clock.GetElapsedTime(0), clock.GetUtcNow());
            lock (sync)
            {
                return
                [
                    .. watched.SelectMany(rule => rule.Value.Where(t => t.Value.Tally.IsFlagged(now)).Select(t => new AbuseSignal(
                        rule.Key, t.Key, t.Value.AccountId, t.Value.Tally.Count, At(t.Value.Tally.Since), At(t.Value.Tally.Last), At(t.Value.Tally.Until)))).OrderByDescending(signal => signal.Last),
                ];
            }

            DateTimeOffset At(TimeSpan stamp) => today + (stamp - now);
        }
    }

    /// <param name="what">What was seen; the same again counts once.</param>
    /// <param name="accountId">Whose it was, the latest time.</param>
    public void Saw(SignalRule rule, string subject, string what, Guid accountId)
    {
        var now = clock.GetElapsedTime(0);
        lock (sync)
        {
            if (!watched.TryGetValue(rule, out var subjects))
            {
                watched[rule] = subjects = [];
            }

            if (!subjects.TryGetValue(subject, out var known))
            {
                Forget(subjects, now);
                known.Tally = new SignalTally(rule);
            }

            known.Tally.Add(what, now);
            subjects[subject] = known with { AccountId = accountId };
        }
    }

    /// <summary>The rule that slows a subject down now; null: none.</summary>
    public SignalRule? SlowsDown(string subject, params ReadOnlySpan<SignalRule> rules)
    {
        var now = clock.GetElapsedTime(0);
        lock (sync)
        {
            foreach (var rule in rules)
            {
                if (watched.TryGetValue(rule, out var subjects) && subjects.TryGetValue(subject, out var known) && known.Tally.IsFlagged(now))
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
            return watched.TryGetValue(rule, out var subjects) && subjects.Remove(subject);
        }
    }

    /// <summary>A quarter at once: a flood of subjects must not sort all of them with each request.</summary>
    private static void Forget(Dictionary<string, (SignalTally Tally, Guid AccountId)> subjects, TimeSpan now)
    {
        if (subjects.Count < SubjectsMax)
        {
            return;
        }

        foreach (var (subject, _) in subjects.OrderBy(t => t.Value.Tally.IsFlagged(now)).ThenBy(t => t.Value.Tally.Last).Take(SubjectsMax / 4).ToList())
        {
            subjects.Remove(subject);
        }
    }
}
