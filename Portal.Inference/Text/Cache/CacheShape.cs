using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Portal.Inference.Text.Engine;

namespace Portal.Inference.Text.Cache;

/// <summary>One tensor of the cache: <c>[batch, kvHeads, positions, headSize]</c>.</summary>
/// <param name="Tensors">Two per layer.</param>
internal sealed record CacheShape(TensorElementType Type, int Tensors, int Heads, int HeadSize, int ContextLength)
{
    public long BytesPerPosition => (long)Heads * HeadSize * (Type == TensorElementType.Float ? 4 : 2);

    /// <summary>At full length.</summary>
    public long BytesPerSlot => BytesPerPosition * ContextLength * Tensors;

    public long[] Of(int batch, int positions) => [batch, Heads, positions, HeadSize];

    /// <exception cref="InvalidDataException">The graph has no such input, or one of a type that is not supported.</exception>
    public static CacheShape Of(InferenceSession session, DecoderConfig config)
    {
        foreach (var name in config.PastNames)
        {
            if (!session.InputMetadata.ContainsKey(name))
            {
                throw new InvalidDataException($"{config.FileName} has no input '{name}'.");
            }
        }

        var type = session.InputMetadata[config.PastNames[0]].ElementDataType;
        return type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16
            ? new(type, config.PastNames.Count, config.KeyValueHeads, config.HeadSize, config.ContextLength)
            : throw new InvalidDataException($"{config.FileName}: a cache of {type} is not supported.");
    }

    /// <summary>As many of the wanted slots as fit into a quarter of the memory, so that several models and the portal itself have room.</summary>
    /// <exception cref="InvalidDataException">Not even one fits.</exception>
    public int SlotsThatFit(int wanted)
    {
        var fit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / BytesPerSlot;
        return fit >= 1
            ? (int)Math.Min(fit, wanted)
            : throw new InvalidDataException($"One answer's cache takes {BytesPerSlot / 1_000_000} MB, more than a quarter of the memory; lower context_length.");
    }
}
