using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Cache;

/// <summary>
/// For graphs that take a past of the length that was read and give a present that is longer by what they were fed. Only slots that hold
/// equally much can run together. What one run gave is the next one's past without a copy, as long as the same slots stay together.
/// </summary>
internal sealed class GrowingCache(CacheShape shape, InferenceSession session, OnnxSessions sessions, int slotsWanted) : IKeyValueCache
{
    private readonly (CacheBlock? Block, int Row)[] places = new (CacheBlock?, int)[shape.SlotsThatFit(slotsWanted)];
    private int[] running = [];
    private CacheBlock? past;
    private CacheBlock? present;

    public int Slots => places.Length;

    public IReadOnlyList<int[]> Batches(IReadOnlyList<int> slots, ReadOnlySpan<int> held)
    {
        var byLength = new SortedDictionary<int, List<int>>();
        foreach (var slot in slots)
        {
            if (!byLength.TryGetValue(held[slot], out var equals))
            {
                byLength[held[slot]] = equals = [];
            }

            equals.Add(slot);
        }

        return [.. byLength.Values.Select(equals => equals.ToArray())];
    }

    /// <summary>Those of one length: what pads a shorter one would be part of its past.</summary>
    public int Together(ReadOnlySpan<int> slots, ReadOnlySpan<int> lengths)
    {
        var other = lengths.IndexOfAnyExcept(lengths[0]);
        return other < 0 ? lengths.Length : other;
    }

    public (IReadOnlyList<OrtValue> Past, IReadOnlyList<OrtValue> Present) Begin(int[] batch, int held, int added)
    {
        Drop();
        running = batch;
        past = Together(batch, held);
        present = new(shape, session, sessions, batch.Length, held + added);
        return (past.Tensors, present.Tensors);
    }

    public void Keep()
    {
        for (var row = 0; row < running.Length; row++)
        {
            Place(running[row], present!, row);
        }

        present = null;
        Drop();
    }

    public void Free(int slot)
    {
        if (places[slot].Block is { } block && --block.Readers == 0 && block != past)
        {
            block.Dispose();
        }

        places[slot] = default;
    }

    public void Pretend(int slot, int held) => Place(slot, new CacheBlock(shape, session, sessions, 1, held), 0);

    public void Dispose()
    {
        Drop();
        for (var slot = 0; slot < places.Length; slot++)
        {
            Free(slot);
        }
    }

    /// <summary>One block with the batch's slots as its rows: where they are already, or a copy.</summary>
    private CacheBlock Together(int[] batch, int held)
    {
        if (held == 0)
        {
            return new(shape, session, sessions, batch.Length, 0);
        }

        var rows = batch.Select(slot => (Block: places[slot].Block!, places[slot].Row)).ToList();
        if (rows[0].Block is var block && block.Rows == rows.Count && rows.Select((row, i) => row.Block == block && row.Row == i).All(same => same))
        {
            return block;
        }

        var copy = new CacheBlock(shape, session, sessions, batch.Length, held);
        copy.Fill(rows);
        return copy;
    }

    private void Place(int slot, CacheBlock block, int row)
    {
        Free(slot);
        places[slot] = (block, row);
        block.Readers++;
    }

    /// <summary>Forgets the run that began last, whatever became of it; what slots still read stays.</summary>
    private void Drop()
    {
        present?.Dispose();
        if (past is { Readers: 0 })
        {
            past.Dispose();
        }

        (past, present) = (null, null);
    }
}
