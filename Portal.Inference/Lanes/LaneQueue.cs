using System.Diagnostics.CodeAnalysis;

namespace Portal.Inference.Lanes;

/// <summary>
/// What waits for a model, lane by lane. The next one is the entry with the earliest due time, which is its arrival plus <c>ageing</c> for each lane
/// above its own: a higher lane goes first, but passes an older entry only while that one has waited less than so long. Any thread may add and take.
/// </summary>
/// <param name="max">Entries of each lane that may wait: a flood in one lane fills no other.</param>
/// <param name="ageing">What being one lane lower costs in waiting time, at most.</param>
/// <param name="clock">Tells the arrivals.</param>
internal sealed class LaneQueue<T>(int max, TimeSpan ageing, TimeProvider clock) : IDisposable
{
    private readonly Lock sync = new();
    private readonly List<(T Item, long Due)>[] lanes = [.. Enum.GetValues<Lane>().Select(_ => new List<(T, long)>())];
    private readonly ManualResetEventSlim filled = new();
    private readonly long ageingTicks = (long)(ageing.TotalSeconds * clock.TimestampFrequency);
    private bool closed;

    /// <summary>Entries that wait, lane by lane.</summary>
    public IReadOnlyList<int> Waiting
    {
        get
        {
            lock (sync)
            {
                return [.. lanes.Select(lane => lane.Count)];
            }
        }
    }

    /// <returns>False: the lane is full.</returns>
    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public bool TryAdd(T item, Lane lane)
    {
        lock (sync)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (lanes[(int)lane].Count >= max)
            {
                return false;
            }

            lanes[(int)lane].Add((item, clock.GetTimestamp() + (int)lane * ageingTicks));
            filled.Set();
            return true;
        }
    }

    /// <summary>Waits until there is an entry.</summary>
    public void Wait(CancellationToken cancel) => filled.Wait(cancel);

    /// <summary>Takes the next entry that may have one of the free places.</summary>
    /// <param name="free">Places that are free now.</param>
    /// <param name="places">Places there are.</param>
    /// <param name="item">The entry.</param>
    public bool TryTake(int free, int places, [MaybeNullWhen(false)] out T item)
    {
        lock (sync)
        {
            List<(T Item, long Due)>? next = null;
            foreach (var lane in Enum.GetValues<Lane>())
            {
                var entries = lanes[(int)lane];
                if (entries.Count > 0 && free > Kept(lane, places) && (next is null || entries[0].Due < next[0].Due))
                {
                    next = entries;
                }
            }

            item = next is null ? default : next[0].Item;
            next?.RemoveAt(0);
            ResetWhenEmpty();
            return next is not null;
        }
    }

    /// <summary>Takes further entries that can be worked on together with one that was taken: in the lanes' order, the oldest first.</summary>
    public IReadOnlyList<T> TakeAlike(Func<T, bool> alike, int most)
    {
        lock (sync)
        {
            var taken = new List<T>();
            foreach (var entries in lanes)
            {
                for (var i = 0; i < entries.Count && taken.Count < most;)
                {
                    if (!alike(entries[i].Item))
                    {
                        i++;
                        continue;
                    }

                    taken.Add(entries[i].Item);
                    entries.RemoveAt(i);
                }
            }

            ResetWhenEmpty();
            return taken;
        }
    }

    /// <summary>Takes no more.</summary>
    /// <returns>What still waited.</returns>
    public IReadOnlyList<T> Close()
    {
        lock (sync)
        {
            closed = true;
            var rest = lanes.SelectMany(lane => lane).Select(entry => entry.Item).ToList();
            Array.ForEach(lanes, lane => lane.Clear());
            return rest;
        }
    }

    public void Dispose() => filled.Dispose();

    /// <summary>Places that a lane must leave free for the ones above it.</summary>
    private static int Kept(Lane lane, int places) => lane switch
    {
        Lane.Dedicated => 0,
        Lane.Batch => places / 2,
        _ => places / 8,
    };

    private void ResetWhenEmpty()
    {
        if (Array.TrueForAll(lanes, lane => lane.Count == 0))
        {
            filled.Reset();
        }
    }
}
