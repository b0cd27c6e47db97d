using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text;

/// <summary>
/// A decoder graph with its slots: tokens in, the next token's logits out. For one thread. The model's README tells the conventions that this
/// keeps: the ones of a mask row are at the left, their number gives the position, a prompt is read with batch 1.
/// </summary>
internal sealed class Decoder : IDisposable
{
    /// <summary>Prompt tokens read in one run at most, so that a long prompt does not hold up the answers beside it.</summary>
    public const int ChunkMax = 128;

    private readonly DecoderConfig config;
    private readonly InferenceSession session;
    private readonly KeyValueCache cache;
    private readonly RunOptions runOptions = new();
    private readonly List<string> inputNames;
    private readonly List<string> outputNames;
    private readonly bool hasPositions;
    private readonly bool halfLogits;
    private readonly float[] logits;
    private readonly Float16[] logitsHalf;

    public Decoder(string folder, DecoderConfig config, OnnxSessions sessions, int slots)
    {
        this.config = config;
        session = sessions.Open(folder, config.FileName);
        try
        {
            cache = new KeyValueCache(session, sessions, config, slots);
            hasPositions = session.InputMetadata.ContainsKey(config.PositionIds);
            inputNames = [config.InputIds, config.AttentionMask, .. hasPositions ? [config.PositionIds] : Array.Empty<string>(), .. config.PastNames];
            outputNames = [config.Logits, .. config.PresentNames];
            halfLogits = LogitsType() == TensorElementType.Float16;
            logits = new float[(long)Math.Max(ChunkMax, cache.Slots) * config.VocabularySize];
            logitsHalf = halfLogits ? new Float16[logits.Length] : [];
        }
        catch
        {
            // Whatever it was goes on to the caller; the graph and the cache must not stay open.
            Dispose();
            throw;
        }
    }

    public int Slots => cache.Slots;

    public long CacheBytes => cache.Bytes;

    /// <summary>Reads the next tokens of a slot's prompt, <see cref="ChunkMax"/> at most, behind the <paramref name="past"/> that it holds.</summary>
    /// <returns>Logits for the token after them; valid until the next call.</returns>
    public ReadOnlySpan<float> Prefill(int slot, ReadOnlySpan<int> tokens, int past)
    {
        var mask = new long[past + tokens.Length];
        Array.Fill(mask, 1);
        Run(slot, 1, tokens, tokens.Length, mask, [past]);
        return Row(tokens.Length - 1);
    }

    /// <summary>One token for each of the neighbouring slots from <paramref name="first"/>; row i's logits are <see cref="Row"/> i.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="tokens">One per slot; anything for an idle one.</param>
    /// <param name="past">Tokens that each slot holds; 0 for an idle one, whose first position is overwritten.</param>
    public void Step(int first, ReadOnlySpan<int> tokens, ReadOnlySpan<int> past)
    {
        var width = 0;
        foreach (var held in past)
        {
            width = Math.Max(width, held + 1);
        }

        var mask = new long[tokens.Length * width];
        for (var row = 0; row < tokens.Length; row++)
        {
            mask.AsSpan(row * width, past[row] + 1).Fill(1);
        }

        Run(first, tokens.Length, tokens, 1, mask, past);
    }

    public ReadOnlySpan<float> Row(int row) => logits.AsSpan(row * config.VocabularySize, config.VocabularySize);

    public void Dispose()
    {
        cache?.Dispose();
        runOptions.Dispose();
        session.Dispose();
    }

    private void Run(int first, int batch, ReadOnlySpan<int> tokens, int length, long[] mask, ReadOnlySpan<int> past)
    {
        var ids = new long[tokens.Length];
        var positions = new long[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
            positions[i] = past[i / length] + i % length;
        }

        var keysAndValues = cache.Range(first, batch);
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [batch, length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [batch, mask.Length / batch]);
        using var positionsValue = OrtValue.CreateTensorValueFromMemory(positions, [batch, length]);
        using var logitsValue = LogitsValue([batch, length, config.VocabularySize]);
        List<OrtValue> inputs = [idsValue, maskValue, .. hasPositions ? [positionsValue] : Array.Empty<OrtValue>(), .. keysAndValues];
        List<OrtValue> outputs = [logitsValue, .. keysAndValues];
        session.Run(runOptions, inputNames, inputs, outputNames, outputs);
        for (var i = 0; halfLogits && i < tokens.Length * config.VocabularySize; i++)
        {
            logits[i] = logitsHalf[i].ToFloat();
        }
    }

    private OrtValue LogitsValue(long[] shape) => halfLogits
        ? OrtValue.CreateTensorValueFromMemory(logitsHalf, shape)
        : OrtValue.CreateTensorValueFromMemory(logits, shape);

    private TensorElementType LogitsType() =>
        session.OutputMetadata.TryGetValue(config.Logits, out var output)
            ? output.ElementDataType
            : throw new InvalidDataException($"{config.FileName} has no output '{config.Logits}'.");
}
