namespace Portal.Tests.Fixtures;

/// <summary>A clock that stands still until it is told to move. Timers fire inside <see cref="Advance"/>, in the order in which they are due.</summary>
public sealed class FakeTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now = start.ToUniversalTime();
    private TimeSpan set;

    /// <summary>Starts at noon of 1 July 2026 in Shanghai, in the middle of a quarter, a month and a day.</summary>
    public FakeTime() : this(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(8))) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now + set;
    }

    public override long GetTimestamp()
    {
        lock (gate) return now.Ticks;
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        SetUtcNow(GetUtcNow() + by);
    }

    /// <summary>Moves the clock forward to an instant, or to where it is already; a clock does not go back.</summary>
    public void SetUtcNow(DateTimeOffset to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, GetUtcNow());
        while (NextDue(to - set) is { } timer) timer.Fire();
        lock (gate) now = (to - set).ToUniversalTime();
    }

    /// <summary>Somebody sets the time of day, ahead or back: no timer fires, and what is measured goes on as before.</summary>
    public void SetClock(TimeSpan by)
    {
        lock (gate) set += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? NextDue(DateTimeOffset until)
    {
        lock (gate)
        {
            var next = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is null) return null;
            now = next.Due > now ? next.Due : now;
            next.Due += next.Period;
            if (next.Period == TimeSpan.Zero) timers.Remove(next);
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                time.timers.Add(this);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
