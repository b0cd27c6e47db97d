using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Portal.Inference.Onnx;
using Portal.Inference.Text.Cache;

namespace Portal.Inference.Text.Engine;

/// <summary>
/// A decoder graph with its slots: tokens in, the next token's logits out. For one thread. The model's README tells the conventions that this
/// keeps: the ones of a mask row are at the left, their number gives the position, a prompt that has a past is read with batch 1.
/// </summary>
internal sealed class Decoder : IDisposable
{
    private const int LogitsBytesMax = 1 << 26;
    private const int ChunkTokensMax = 512;

    private readonly DecoderConfig config;
    private readonly InferenceSession session;
    private readonly CacheShape shape;
    private readonly IKeyValueCache cache;
    private readonly RunOptions runOptions = new();
    private readonly List<string> inputNames;
    private readonly List<string> outputNames;
    private readonly bool hasPositions;
    private readonly bool halfLogits;
    private readonly bool onCpu;
    private readonly int[][] single;
    private readonly long[] ids;
    private readonly long[] positions;
    private readonly int[] counts;
    private readonly float[] logits;
    private readonly Float16[] logitsHalf;
    private readonly Dictionary<IReadOnlyList<OrtValue>, StepBinding> bindings = [];
    private StepMask? stepMask;
    private long[] mask = [];

    /// <exception cref="InvalidDataException">The graph cannot be run as its configuration says.</exception>
    public Decoder(string folder, DecoderConfig config, OnnxSessions sessions, int slots, int? threads = null)
    {
        (this.config, onCpu) = (config, sessions.OnCpu);
        session = sessions.Open(folder, config.FileName, threads);
        try
        {
            shape = CacheShape.Of(session, config);
            CheckOutputs();
            var keepsItsBuffer = GraphProbe.KeepsItsBuffer(session, config, shape, sessions);
            cache = keepsItsBuffer ? new SharedCache(shape, session, sessions, slots) : new GrowingCache(shape, session, sessions, slots);
            single = [.. Enumerable.Range(0, cache.Slots).Select(slot => new[] { slot })];
            ChunkMax = Math.Clamp(LogitsBytesMax / sizeof(float) / config.VocabularySize, PromptPace.ChunkMin, ChunkTokensMax);
            hasPositions = session.InputMetadata.ContainsKey(config.PositionIds);
            inputNames = [config.InputIds, config.AttentionMask, .. hasPositions ? [config.PositionIds] : Array.Empty<string>(), .. config.PastNames];
            outputNames = [config.Logits, .. config.PresentNames];
            var rows = Math.Max(ChunkMax, cache.Slots);
            (ids, positions, counts) = (new long[rows], new long[rows], new int[cache.Slots]);
            halfLogits = session.OutputMetadata[config.Logits].ElementDataType == TensorElementType.Float16;
            logits = new float[(long)rows * config.VocabularySize];
            logitsHalf = halfLogits ? new Float16[logits.Length] : [];
            TryLimits();
        }
        catch
        {
            // Whatever it was goes on to the caller; the graph and the cache must not stay open.
            Dispose();
            throw;
        }
    }

    public int Slots => cache.Slots;

    /// <summary>Of all slots, at full length.</summary>
    public long CacheBytes => shape.BytesPerSlot * Slots;

    /// <summary>Tokens that one run can read of a prompt.</summary>
    public int ChunkMax { get; }

    /// <summary>Reads the next tokens of a slot's prompt, <see cref="ChunkMax"/> at most, behind the <paramref name="held"/> that it holds.</summary>
    /// <returns>The next token's logits, valid until the next run.</returns>
    public ReadOnlySpan<float> Prefill(int slot, ReadOnlySpan<int> tokens, int held)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            (ids[i], positions[i]) = (tokens[i], held + i);
        }

        var width = held + tokens.Length;
        Mask(width).Fill(1);
        Run(single[slot], tokens.Length, held, width);
        Widen(tokens.Length - 1, 1);
        return Row(tokens.Length - 1);
    }

    /// <summary>How many of the slots, from the first on, can be one batch of whole prompts.</summary>
    /// <param name="slots">Those that hold nothing yet, ascending; at least one.</param>
    /// <param name="lengths">Of their prompts.</param>
    public int Together(ReadOnlySpan<int> slots, ReadOnlySpan<int> lengths) => cache.Together(slots, lengths);

    /// <summary>
    /// Reads whole prompts in one run, the shorter ones padded at their end. Only into slots that hold nothing: a graph takes several rows of several tokens
    /// with a mask as wide as they are, and refuses them behind a past. So a prompt that is read in pieces is read alone.
    /// </summary>
    /// <param name="batch">Slots that run <see cref="Together"/>.</param>
    /// <param name="prompts">Of each; padded no more than <see cref="ChunkMax"/> tokens together.</param>
    /// <returns>Which <see cref="Row"/> has the next token's logits of each.</returns>
    public IReadOnlyList<int> Prefill(int[] batch, IReadOnlyList<int[]> prompts)
    {
        var width = prompts.Max(prompt => prompt.Length);
        var ones = Mask(batch.Length * width);
        var last = new int[batch.Length];
        for (var row = 0; row < batch.Length; row++)
        {
            var (prompt, start) = (prompts[row], row * width);
            for (var i = 0; i < width; i++)
            {
                (ids[start + i], positions[start + i], ones[start + i]) = i < prompt.Length ? (prompt[i], i, 1) : (0, i, 0);
            }

            last[row] = start + prompt.Length - 1;
        }

        Run(batch, width, 0, width);
        foreach (var row in last)
        {
            Widen(row, 1);
        }

        return last;
    }

    /// <summary>Divides the slots into batches for <see cref="Step"/>; other slots may lie in one and run idle.</summary>
    /// <param name="slots">Those that take part, ascending; at least one.</param>
    /// <param name="held">Positions that each slot holds, by slot.</param>
    public IReadOnlyList<int[]> Batches(IReadOnlyList<int> slots, ReadOnlySpan<int> held) => cache.Batches(slots, held);

    /// <summary>The one slot alone as a batch.</summary>
    public int[] Alone(int slot) => single[slot];

    /// <summary>One token for each slot of the batch; the logits of its i-th are <see cref="Row"/> i.</summary>
    /// <param name="batch">One of <see cref="Batches"/>, or one slot.</param>
    /// <param name="tokens">By slot; anything for an idle one.</param>
    /// <param name="held">Positions that each slot holds, by slot; what an idle one has behind them is overwritten.</param>
    public void Step(int[] batch, ReadOnlySpan<int> tokens, ReadOnlySpan<int> held)
    {
        var width = 0;
        for (var row = 0; row < batch.Length; row++)
        {
            (ids[row], positions[row], counts[row]) = (tokens[batch[row]], held[batch[row]], held[batch[row]] + 1);
            width = Math.Max(width, counts[row]);
        }

        var (past, present) = cache.Begin(batch, held[batch[0]], 1);
        if (ReferenceEquals(past, present))
        {
            var binding = BindingOf(past, batch.Length);
            stepMask!.Write(counts.AsSpan(0, batch.Length), width);
            binding.Run();
        }
        else
        {
            // All hold equally much.
            Mask(batch.Length * width).Fill(1);
            Run(past, present, batch.Length, 1, width);
        }

        cache.Keep();
        Widen(0, batch.Length);
    }

    public ReadOnlySpan<float> Row(int row) => logits.AsSpan(row * config.VocabularySize, config.VocabularySize);

    /// <summary>Nobody asks for what the slot holds any more.</summary>
    public void Free(int slot) => cache.Free(slot);

    public void Dispose()
    {
        ForgetBindings();
        cache?.Dispose();
        runOptions.Dispose();
        session.Dispose();
    }

    private Span<long> Mask(int length)
    {
        if (mask.Length < length)
        {
            mask = new long[Math.Max(length, 2 * mask.Length)];
        }

        return mask.AsSpan(0, length);
    }

    private void Run(int[] batch, int length, int held, int width)
    {
        var (past, present) = cache.Begin(batch, held, length);
        Run(past, present, batch.Length, length, width);
        cache.Keep();
    }

    private void Run(IReadOnlyList<OrtValue> past, IReadOnlyList<OrtValue> present, int rows, int length, int width)
    {
        using var maskValue = Tensor(mask, rows, width);
        using var idsValue = Tensor(ids, rows, length);
        using var positionsValue = Tensor(positions, rows, length);
        using var logitsValue = Logits(rows, length);
        List<OrtValue> inputs = [idsValue, maskValue, .. hasPositions ? [positionsValue] : Array.Empty<OrtValue>(), .. past];
        session.Run(runOptions, inputNames, inputs, outputNames, [logitsValue, .. present]);
    }

    private StepBinding BindingOf(IReadOnlyList<OrtValue> tensors, int rows)
    {
        if (bindings.TryGetValue(tensors, out var binding))
        {
            return binding;
        }

        if (bindings.Count == SharedCache.RangesMax)
        {
            ForgetBindings();
        }

        stepMask ??= new(Slots, config.ContextLength);
        bindings[tensors] = binding = new StepBinding(session, runOptions, config.AttentionMask, stepMask, rows, copied: !onCpu);
        binding.Input(config.InputIds, Tensor(ids, rows, 1));
        if (hasPositions)
        {
            binding.Input(config.PositionIds, Tensor(positions, rows, 1));
        }

        binding.Output(config.Logits, Logits(rows, 1));
        binding.Shared(config.PastNames, config.PresentNames, tensors);
        return binding;
    }

    private void ForgetBindings()
    {
        foreach (var binding in bindings.Values)
        {
            binding.Dispose();
        }

        bindings.Clear();
    }

    private OrtValue Logits(int rows, int length) => halfLogits
        ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, logitsHalf.AsMemory(0, rows * length * config.VocabularySize), [rows, length, config.VocabularySize])
        : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, logits.AsMemory(0, rows * length * config.VocabularySize), [rows, length, config.VocabularySize]);

    /// <summary>Single precision of some rows of the logits.</summary>
    private void Widen(int first, int count)
    {
        if (!halfLogits)
        {
            return;
        }

        var (start, length) = (first * config.VocabularySize, count * config.VocabularySize);
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(logitsHalf.AsSpan(start, length)), logits.AsSpan(start, length));
    }

    private static OrtValue Tensor(long[] values, int rows, int columns) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(0, rows * columns), [rows, columns]);

    private void CheckOutputs()
    {
        foreach (var name in new[] { config.Logits }.Concat(config.PresentNames).Where(name => !session.OutputMetadata.ContainsKey(name)))
        {
            throw new InvalidDataException($"{config.FileName} has no output '{name}'.");
        }
    }

    /// <summary>The first runs allocate and choose kernels; they also prove that the graph reaches the last position of the context it is configured for.</summary>
    private void TryLimits()
    {
        try
        {
            var (tokens, held) = (new int[Slots], new int[Slots]);
            foreach (var batch in Batches([.. Enumerable.Range(0, Slots)], held))
            {
                Step(batch, tokens, held);
            }

            held[0] = config.ContextLength - 1;
            cache.Pretend(0, held[0]);
            Step(single[0], tokens, held);
            cache.Free(0);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{config.FileName} does not run for {Slots} answers of {config.ContextLength} tokens, as {ModelFolder.TextFile} says: {e.Message}", e);
        }
    }
}
