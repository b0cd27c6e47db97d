namespace Portal.Tests.Fixtures;

public sealed class FakeTimeTests
{
    private readonly FakeTime time = new();

    [Fact]
    public void A_timer_fires_when_its_time_has_come_and_not_before()
    {
        var start = time.GetUtcNow();
        var fired = new List<TimeSpan>();
        using var timer = time.CreateTimer(_ => fired.Add(time.GetUtcNow() - start), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(fired);

        time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20)], fired);
    }

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due()
    {
        var fired = new List<string>();
        using var late = time.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var early = time.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["early", "late"], fired);
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_is_moved()
    {
        var delay = Task.Delay(TimeSpan.FromDays(1), time, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromHours(23));
        Assert.False(delay.IsCompleted);

        time.Advance(TimeSpan.FromHours(1));
        await delay;
    }

    [Fact]
    public void A_disposed_timer_stays_silent()
    {
        var fired = 0;
        var timer = time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(2));

        timer.Dispose();
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(2, fired);
    }

    [Fact]
    public void The_clock_does_not_go_back() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => time.SetUtcNow(time.GetUtcNow().AddTicks(-1)));
}
