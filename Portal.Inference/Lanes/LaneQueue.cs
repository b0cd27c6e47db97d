using System.Diagnostics.CodeAnalysis;

namespace Portal.Inference.Lanes;

/// <summary>
/// What waits for a model, lane by lane. The next one is the entry with the earliest due time, which is its arrival plus <c>ageing</c> for each lane
/// above its own: a higher lane goes first, but passes an older entry only while that one has waited less than so long. Any thread may add and take.
/// </summary>
/// <param name="max">Entries of each lane that may wait: a flood in one lane fills no other.</param>
/// <param name="ageing">What being one lane lower costs in waiting time, at most.</param>
/// <param name="clock">Tells the arrivals.</param>
internal sealed class LaneQueue<T>(int max, TimeSpan ageing, TimeProvider clock)
    where T : class
{
    // Also what those wait at who found nothing to take.
    private readonly object sync = new();
    private readonly List<(T Item, long Due)>[] lanes = [.. Enum.GetValues<Lane>().Select(_ => new List<(T, long)>())];
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
            Monitor.PulseAll(sync);
            return true;
        }
    }

    /// <summary>Takes back an entry whose caller leaves, so that it fills no place in its lane.</summary>
    /// <returns>False: it no longer waits.</returns>
    public bool Remove(T item, Lane lane)
    {
        lock (sync)
        {
            var at = lanes[(int)lane].FindIndex(entry => ReferenceEquals(entry.Item, item));
            if (at >= 0)
            {
                lanes[(int)lane].RemoveAt(at);
            }

            return at >= 0;
        }
    }

    /// <summary>Waits until there is an entry that <see cref="TryTake"/> would take.</summary>
    public void Wait(int free, EnginePlaces places, CancellationToken cancel)
    {
        using var waking = cancel.Register(Wake);
        lock (sync)
        {
            cancel.ThrowIfCancellationRequested();
            while (Next(free, places) is null)
            {
                Monitor.Wait(sync);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Takes the next entry that may have one of the free places.</summary>
    /// <param name="free">Places of the engine that are free now.</param>
    /// <param name="places">Those it has.</param>
    /// <param name="item">The entry.</param>
    public bool TryTake(int free, EnginePlaces places, [MaybeNullWhen(false)] out T item)
    {
        lock (sync)
        {
            var next = Next(free, places);
            item = next?[0].Item;
            next?.RemoveAt(0);
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

    /// <summary>The lane whose first entry goes next; null: none may.</summary>
    private List<(T Item, long Due)>? Next(int free, EnginePlaces places)
    {
        List<(T Item, long Due)>? next = null;
        foreach (var lane in Enum.GetValues<Lane>())
        {
            var entries = lanes[(int)lane];
            if (entries.Count > 0 && free > places.Kept(lane) && (next is null || entries[0].Due < next[0].Due))
            {
                next = entries;
            }
        }

        return next;
    }

    private void Wake()
    {
        lock (sync)
        {
            Monitor.PulseAll(sync);
        }
    }
}
