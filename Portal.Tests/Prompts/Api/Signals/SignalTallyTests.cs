using Portal.Prompts.Api.Rates;
using Portal.Prompts.Api.Signals;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Signals;

public sealed class SignalTallyTests
{
    private static readonly SignalRule Rule = new("three", TimeSpan.FromMinutes(5), 3, RateRule.Flagged, TimeSpan.FromMinutes(10));

    private readonly FakeTime time = new();
    private readonly SignalTally tally = new(Rule);

    private TimeSpan Now => time.GetElapsedTime(0);

    [Fact]
    public void So_many_different_ones_within_the_window_raise_the_flag_and_it_falls_when_they_stop()
    {
        See("a", "b");
        Assert.False(tally.IsFlagged(Now));
        See("c");
        Assert.True(tally.IsFlagged(Now));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(tally.IsFlagged(Now));
    }

    [Fact]
    public void The_same_one_again_counts_once()
    {
        See("a", "a", "a", "b", "b");
        Assert.False(tally.IsFlagged(Now));
        Assert.Equal(2, tally.Count);
    }

    [Fact]
    public void Those_that_the_window_has_left_do_not_count()
    {
        See("a", "b");
        time.Advance(TimeSpan.FromMinutes(5));
        See("c", "d");
        Assert.False(tally.IsFlagged(Now));
    }

    [Fact]
    public void While_it_goes_on_the_flag_stays_and_every_new_one_is_counted_since_the_first_time()
    {
        See("a", "b", "c");
        var since = Now;
        time.Advance(TimeSpan.FromMinutes(1));
        See("d", "e", "e");
        Assert.Equal((5L, since, Now + Rule.For), (tally.Count, tally.Since, tally.Until));
    }

    [Fact]
    public void A_flag_that_is_raised_again_begins_anew()
    {
        See("a", "b", "c", "d");
        time.Advance(TimeSpan.FromMinutes(11));
        See("e", "f", "g");
        Assert.Equal((3L, Now), (tally.Count, tally.Since));
    }

    private void See(params string[] sightings)
    {
        foreach (var sighting in sightings) tally.Add(sighting, Now);
    }
}
