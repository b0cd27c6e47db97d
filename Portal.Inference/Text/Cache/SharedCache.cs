using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Cache;

/// <summary>
/// For graphs that write the present into the past's memory (GroupQueryAttention): per layer one buffer <c>[slots, kvHeads, contextLength, headSize]</c>
/// for keys and one for values. A range of neighbouring slots is contiguous, so it can be run as a batch of its own.
/// </summary>
internal sealed unsafe class SharedCache : IKeyValueCache
{
    /// <summary>Idle slots between two busy ones up to which one run over all of them costs less than two runs.</summary>
    public const int GapMax = 4;

    /// <summary>Ranges whose tensors are kept: all there are of 22 slots. Beyond that they are made anew now and then, which costs less than to keep tens of thousands.</summary>
    public const int RangesMax = 256;

    private readonly CacheShape shape;
    private readonly List<OrtValue> buffers = [];
    private readonly Dictionary<(int First, int Count), (int[] Slots, IReadOnlyList<OrtValue> Tensors)> ranges = [];
    private readonly List<int[]> batches = [];

    public SharedCache(CacheShape shape, InferenceSession session, OnnxSessions sessions, int slotsWanted)
    {
        this.shape = shape;
        Slots = shape.SlotsThatFit(slotsWanted);
        for (var i = 0; i < shape.Tensors; i++)
        {
            buffers.Add(sessions.Allocate(session, shape.Type, shape.Of(Slots, shape.ContextLength)));
        }
    }

    public int Slots { get; }

    public IReadOnlyList<int[]> Batches(IReadOnlyList<int> slots, ReadOnlySpan<int> held)
    {
        batches.Clear();
        var first = slots[0];
        for (var i = 0; i < slots.Count; i++)
        {
            if (i + 1 == slots.Count || slots[i + 1] - slots[i] - 1 > GapMax)
            {
                batches.Add(Range(first, slots[i] - first + 1).Slots);
                first = i + 1 == slots.Count ? 0 : slots[i + 1];
            }
        }

        return batches;
    }

    /// <summary>Neighbours, with none between them that a run over all of them would overwrite. A shorter prompt is padded.</summary>
    public int Together(ReadOnlySpan<int> slots, ReadOnlySpan<int> lengths)
    {
        var count = 1;
        while (count < slots.Length && slots[count] == slots[0] + count)
        {
            count++;
        }

        return count;
    }

    public (IReadOnlyList<OrtValue> Past, IReadOnlyList<OrtValue> Present) Begin(int[] batch, int held, int added)
    {
        var tensors = Range(batch[0], batch.Length).Tensors;
        return (tensors, tensors);
    }

    public void Keep()
    {
        // The run wrote where it belongs.
    }

    public void Free(int slot)
    {
        // Its place is overwritten by whoever comes next.
    }

    public void Pretend(int slot, int held)
    {
        // Every slot has all its positions from the beginning.
    }

    public void Dispose()
    {
        ForgetRanges();
        buffers.ForEach(buffer => buffer.Dispose());
    }

    private (int[] Slots, IReadOnlyList<OrtValue> Tensors) Range(int first, int count)
    {
        if (!ranges.TryGetValue((first, count), out var range))
        {
            if (ranges.Count == RangesMax)
            {
                ForgetRanges();
            }

            ranges[(first, count)] = range = ([.. Enumerable.Range(first, count)], [.. buffers.Select(buffer => Slice(buffer, first, count))]);
        }

        return range;
    }

    private void ForgetRanges()
    {
        foreach (var tensor in ranges.Values.SelectMany(range => range.Tensors))
        {
            tensor.Dispose();
        }

        ranges.Clear();
    }

    private OrtValue Slice(OrtValue buffer, int first, int count)
    {
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.GetTensorMutableRawData()));
        var slotBytes = shape.BytesPerPosition * shape.ContextLength;
        return OrtValue.CreateTensorValueWithData(
            buffer.GetTensorMemoryInfo(), shape.Type, shape.Of(count, shape.ContextLength), start + (nint)(first * slotBytes), count * slotBytes);
    }
}
