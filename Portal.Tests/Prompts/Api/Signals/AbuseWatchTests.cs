using Portal.Prompts.Api.Signals;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Signals;

public sealed class AbuseWatchTests
{
    private readonly FakeTime time = new();

    [Fact]
    public void A_flood_of_addresses_hides_neither_those_that_come_later_nor_keys_nor_what_is_flagged()
    {
        var watch = new AbuseWatch(time);
        Flag(watch, SignalRule.ManyKeys, "early");
        for (var i = 0; i < AbuseWatch.SubjectsMax + 10; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            watch.Saw(SignalRule.ManyKeys, $"address {i}", "key", Guid.Empty);
        }

        Flag(watch, SignalRule.EmptyPrompts, "key");
        Flag(watch, SignalRule.ManyKeys, "late");

        Assert.Equal(SignalRule.EmptyPrompts, watch.SlowsDown("key", SignalRule.EmptyPrompts));
        Assert.Equal(["early", "late"], watch.Flagged.Where(signal => signal.Rule == SignalRule.ManyKeys).Select(signal => signal.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_keeps_no_flag_up()
    {
        var watch = new AbuseWatch(time);
        Flag(watch, SignalRule.EmptyPrompts, "key");
        time.SetClock(-TimeSpan.FromHours(24));
        Assert.Equal(time.GetUtcNow() + SignalRule.EmptyPrompts.For, Assert.Single(watch.Flagged).Until);

        time.Advance(SignalRule.EmptyPrompts.For);

        Assert.Empty(watch.Flagged);
    }

    private static void Flag(AbuseWatch watch, SignalRule rule, string subject)
    {
        for (var i = 0; i < rule.Sightings; i++) watch.Saw(rule, subject, $"{i}", Guid.Empty);
    }
}
