using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text;

/// <summary>
/// The keys and values of every slot: per layer one buffer <c>[slots, kvHeads, contextLength, headSize]</c> for keys and one for values.
/// The graph reads and writes the same memory. A range of neighbouring slots is contiguous, so it can be run as a batch of its own.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly List<OrtValue> buffers = [];
    private readonly Dictionary<(int First, int Count), IReadOnlyList<OrtValue>> ranges = [];
    private readonly DecoderConfig config;
    private readonly TensorElementType type;
    private readonly long slotBytes;

    public KeyValueCache(InferenceSession session, OnnxSessions sessions, DecoderConfig config, int slotsWanted)
    {
        this.config = config;
        if (!session.InputMetadata.TryGetValue(config.PastNames[0], out var past))
        {
            throw new InvalidDataException($"{config.FileName} has no input '{config.PastNames[0]}'.");
        }

        type = past.ElementDataType;
        var elementBytes = type switch
        {
            TensorElementType.Float => 4,
            TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
            _ => throw new InvalidDataException($"{config.FileName}: a cache of {type} is not supported."),
        };
        slotBytes = (long)config.KeyValueHeads * config.ContextLength * config.HeadSize * elementBytes;
        Slots = SlotsThatFit(slotBytes * config.PastNames.Count, slotsWanted);
        foreach (var _ in config.PastNames)
        {
            buffers.Add(sessions.Allocate(session, type, [Slots, config.KeyValueHeads, config.ContextLength, config.HeadSize]));
        }
    }

    public int Slots { get; }

    /// <summary>Memory of all slots.</summary>
    public long Bytes => slotBytes * config.PastNames.Count * Slots;

    /// <summary>The tensors of a range of slots, in the order of the configuration's past names.</summary>
    public IReadOnlyList<OrtValue> Range(int first, int count)
    {
        if (!ranges.TryGetValue((first, count), out var range))
        {
            ranges[(first, count)] = range = [.. buffers.Select(buffer => Slice(buffer, first, count))];
        }

        return range;
    }

    public void Dispose()
    {
        foreach (var value in ranges.Values.SelectMany(range => range).Concat(buffers))
        {
            value.Dispose();
        }
    }

    private OrtValue Slice(OrtValue buffer, int first, int count)
    {
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.GetTensorMutableRawData()));
        return OrtValue.CreateTensorValueWithData(
            buffer.GetTensorMemoryInfo(), type, [count, config.KeyValueHeads, config.ContextLength, config.HeadSize], start + (nint)(first * slotBytes), count * slotBytes);
    }

    /// <summary>A quarter of the memory at most, so that several models and the portal itself have room.</summary>
    private static int SlotsThatFit(long bytesPerSlot, int wanted)
    {
        var fit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / bytesPerSlot;
        return fit >= 1
            ? (int)Math.Min(fit, wanted)
            : throw new InvalidDataException($"One answer's cache takes {bytesPerSlot / 1_000_000} MB, more than a quarter of the memory; lower context_length.");
    }
}
