using Portal.Inference.Lanes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Inference.Lanes;

public sealed class LaneQueueTests
{
    private static readonly EnginePlaces One = new(1);

    private readonly FakeTime clock = new();
    private readonly LaneQueue<string> queue;

    public LaneQueueTests() => queue = new(max: 3, ageing: TimeSpan.FromSeconds(10), clock);

    [Fact]
    public void Lanes_are_served_in_their_order_and_within_a_lane_the_first_come_first()
    {
        Add("batch", Lane.Batch);
        Add("pay", Lane.PayPerUse);
        Add("plan 1", Lane.Subscription);
        Add("plan 2", Lane.Subscription);
        Add("own", Lane.Dedicated);
        Assert.Equal(["own", "plan 1", "plan 2", "pay", "batch"], TakeAll());
    }

    [Fact]
    public void Nobody_is_passed_for_longer_than_the_ageing_a_lane()
    {
        Add("pay", Lane.PayPerUse);
        clock.Advance(TimeSpan.FromSeconds(9));
        Add("plan, 9 s later", Lane.Subscription);
        clock.Advance(TimeSpan.FromSeconds(2));
        Add("plan, 11 s later", Lane.Subscription);
        Add("own, 11 s later", Lane.Dedicated);
        clock.Advance(TimeSpan.FromSeconds(11));
        Add("own, 22 s later", Lane.Dedicated);
        Assert.Equal(["own, 11 s later", "plan, 9 s later", "pay", "plan, 11 s later", "own, 22 s later"], TakeAll());
    }

    [Fact]
    public void A_flood_in_one_lane_fills_no_other()
    {
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(i => queue.TryAdd($"{i}", Lane.PayPerUse)));
        Assert.True(queue.TryAdd("own", Lane.Dedicated));
        Assert.Equal([1, 0, 3, 0], queue.Waiting);
    }

    [Theory]
    [InlineData(Lane.Batch, 8, 4)]
    [InlineData(Lane.PayPerUse, 8, 7)]
    [InlineData(Lane.Subscription, 8, 7)]
    [InlineData(Lane.Dedicated, 8, 8)]
    [InlineData(Lane.PayPerUse, 4, 4)]
    [InlineData(Lane.Batch, 1, 1)]
    public void Places_are_kept_for_the_lanes_above(Lane lane, int places, int mayHave)
    {
        var taken = 0;
        for (; taken < places; taken++)
        {
            Add("one", lane);
            if (!queue.TryTake(places - taken, new(places), out _))
            {
                break;
            }
        }

        Assert.Equal(mayHave, taken);
    }

    [Theory]
    [InlineData(Lane.Batch, 8, 2, 4)]
    [InlineData(Lane.PayPerUse, 8, 2, 7)]
    [InlineData(Lane.Subscription, 9, 4, 8)]
    [InlineData(Lane.Batch, 8, 8, 4)]
    [InlineData(Lane.Batch, 2, 2, 1)]
    [InlineData(Lane.Dedicated, 8, 2, 8)]
    public void Engines_that_share_a_models_places_keep_together_what_one_would(Lane lane, int places, int engines, int mayHave)
    {
        var taken = 0;
        for (var engine = 0; engine < engines; engine++)
        {
            var share = new EnginePlaces(places, engine, engines);
            Add("one", lane);
            for (var free = (places + engine) / engines; queue.TryTake(free, share, out _); free--)
            {
                taken++;
                Add("one", lane);
            }

            queue.TakeAlike(_ => true, 1);
        }

        Assert.Equal(mayHave, taken);
    }

    [Fact]
    public async Task An_engine_whose_places_are_all_kept_waits_for_an_entry_that_may_have_one()
    {
        var kept = new EnginePlaces(8, Engine: 7, Engines: 8);
        Add("pay", Lane.PayPerUse);
        var engine = new Thread(() => queue.Wait(1, kept, CancellationToken.None)) { IsBackground = true };
        engine.Start();
        await Until.TrueAsync("it waits", () => Task.FromResult(engine.ThreadState.HasFlag(ThreadState.WaitSleepJoin)));
        Add("own", Lane.Dedicated);
        engine.Join();
        Assert.True(queue.TryTake(1, kept, out var next));
        Assert.Equal("own", next);
    }

    [Fact]
    public void What_is_taken_back_fills_no_place_and_is_not_served()
    {
        Assert.All(["1", "2", "3"], item => Add(item, Lane.PayPerUse));
        Assert.True(queue.Remove("2", Lane.PayPerUse));
        Assert.False(queue.Remove("2", Lane.PayPerUse));
        Add("4", Lane.PayPerUse);
        Assert.Equal(["1", "3", "4"], TakeAll());
        Assert.False(queue.Remove("1", Lane.PayPerUse));
    }

    [Fact]
    public void A_lane_that_may_not_have_the_last_place_does_not_hold_up_one_that_may()
    {
        Add("batch", Lane.Batch);
        clock.Advance(TimeSpan.FromHours(1));
        Add("pay", Lane.PayPerUse);
        Assert.True(queue.TryTake(2, new(8), out var next));
        Assert.Equal("pay", next);
        Assert.False(queue.TryTake(2, new(8), out _));
    }

    [Fact]
    public void What_is_alike_is_taken_along_from_every_lane()
    {
        Add("b1", Lane.Batch);
        Add("a1", Lane.PayPerUse);
        Add("b2", Lane.PayPerUse);
        Add("b3", Lane.Dedicated);
        Assert.Equal(["b3", "b2"], queue.TakeAlike(item => item[0] == 'b', most: 2));
        Assert.Equal(["a1", "b1"], TakeAll());
    }

    [Fact]
    public void A_closed_queue_gives_back_what_waited_and_takes_nothing_more()
    {
        Add("pay", Lane.PayPerUse);
        Add("own", Lane.Dedicated);
        Assert.Equal(["own", "pay"], queue.Close());
        Assert.Throws<ObjectDisposedException>(() => queue.TryAdd("late", Lane.Dedicated));
        Assert.False(queue.TryTake(1, One, out _));
    }

    [Fact]
    public void Waiting_ends_with_the_first_entry_or_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => queue.Wait(1, One, cancelled.Token));
        Add("one", Lane.Batch);
        queue.Wait(1, One, TestContext.Current.CancellationToken);
        TakeAll();
        Assert.Throws<OperationCanceledException>(() => queue.Wait(1, One, cancelled.Token));
    }

    private void Add(string item, Lane lane) => Assert.True(queue.TryAdd(item, lane));

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (queue.TryTake(1, One, out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
