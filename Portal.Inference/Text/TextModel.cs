using System.Runtime.CompilerServices;
using Portal.Inference.Lanes;
using Portal.Inference.Onnx;
using Portal.Inference.Text.Answers;
using Portal.Inference.Text.Engine;

namespace Portal.Inference.Text;

/// <summary>A text model's folder, loaded: its tokenizer and its engines, which serve one queue.</summary>
internal sealed class TextModel : ITextModel, IDisposable
{
    /// <summary>About what the processors' caches hold.</summary>
    private const long SmallBytesMax = 64_000_000;

    private static readonly string[] Roles = ["system", "user", "assistant"];

    private readonly DecoderConfig config;
    private readonly Tokenizer tokenizer;
    private readonly List<TextEngine> engines = [];

    // A prompt is counted before it is paid for and read after that.
    private readonly ConditionalWeakTable<IReadOnlyList<ChatMessage>, int[]> encoded = [];
    private readonly LaneQueue<Answer> queue;
    private readonly int queueMax;

    /// <exception cref="InvalidDataException">The folder is not a text model that can be run.</exception>
    public TextModel(string id, string folder, OnnxSessions sessions, InferenceOptions options, TimeProvider clock)
    {
        (Id, Version) = (id, FolderVersion.Of(folder));
        config = DecoderConfig.Read(folder);
        tokenizer = new(folder);
        queueMax = options.QueueMax;
        queue = new(options.QueueMax, TimeSpan.FromSeconds(options.AgeingSeconds), clock);
        try
        {
            OpenEngines(folder, sessions, options, clock);
        }
        catch
        {
            Dispose();
            throw;
        }

        for (var i = 0; i < engines.Count; i++)
        {
            engines[i].Start(new(engines.Sum(engine => engine.Slots), i, engines.Count));
        }
    }

    public string Id { get; }

    public string Version { get; }

    public int ContextLength => config.ContextLength;

    public EngineLoad Load => new(queue.Waiting, engines.Sum(engine => engine.Active), engines.Sum(engine => engine.Slots), engines.Sum(engine => engine.CacheBytes), queueMax);

    public int CountTokens(IReadOnlyList<ChatMessage> messages) => Read(messages).Length;

    public async IAsyncEnumerable<TextDelta> Generate(TextRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Enqueue(request);
        await using var registration = cancellationToken.Register(answer.Cancel);
        try
        {
            while (await answer.Deltas.WaitToReadAsync(cancellationToken))
            {
                while (!cancellationToken.IsCancellationRequested && answer.Deltas.TryRead(out var delta))
                {
                    yield return delta;
                }
            }

            // The engine may have ended the stream before the reader saw that it was cancelled.
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            answer.Cancel();
            if (queue.Remove(answer, request.Lane))
            {
                answer.End();
            }
        }
    }

    public void Dispose()
    {
        engines.ForEach(engine => engine.Stop());
        engines.ForEach(engine => engine.Dispose());
        tokenizer.Dispose();
    }

    /// <summary>The answer to a request, not yet in the queue.</summary>
    private Answer Begin(TextRequest request)
    {
        Check(request);
        var prompt = Read(request.Messages);
        try
        {
            CheckIds(prompt);
        }
        catch (InvalidDataException e)
        {
            throw new ModelFailedException(Id, e);
        }

        return prompt.Length < config.ContextLength
            ? new(request, prompt, config, tokenizer)
            : throw new PromptTooLongException(prompt.Length, config.ContextLength);
    }

    private Answer Enqueue(TextRequest request)
    {
        var answer = Begin(request);
        try
        {
            if (queue.TryAdd(answer, request.Lane))
            {
                return answer;
            }
        }
        catch (ObjectDisposedException e)
        {
            answer.End();
            throw new ModelFailedException(Id, e);
        }

        answer.End();
        throw new ModelBusyException(Id);
    }

    /// <summary>As <see cref="Encode"/>, which has done it once: what it does not do now is the messages' doing.</summary>
    private int[] Read(IReadOnlyList<ChatMessage> messages)
    {
        try
        {
            return Encode(messages);
        }
        catch (InvalidDataException e)
        {
            throw new PromptUnfitException(Id, e);
        }
    }

    private int[] Encode(IReadOnlyList<ChatMessage> messages) => encoded.GetValue(messages, sent => tokenizer.Encode(tokenizer.FillTemplate(sent)));

    private void CheckIds(int[] prompt)
    {
        if (prompt.AsSpan().ContainsAnyExceptInRange(0, config.VocabularySize - 1))
        {
            throw new InvalidDataException("The tokenizer gives ids that are not in the graph's vocabulary.");
        }
    }

    private static void Check(TextRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Likelihoods ?? 0);
        if (request.Sampling.OutOfRange is { } wrong)
        {
            throw new ArgumentOutOfRangeException(nameof(request), wrong.Value, $"{wrong.Name} is from {wrong.Min} to {wrong.Max}.");
        }

        if (request.Stop.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop string is not empty.", nameof(request));
        }

        if (request.Messages.Count == 0 || request.Messages.Any(message => !Roles.Contains(message.Role)))
        {
            throw new ArgumentException($"Messages are at least one, each of a role of {string.Join(", ", Roles)}.", nameof(request));
        }
    }

    /// <summary>
    /// Of a small model two halves of a batch take less time side by side than the whole on two threads, which would mostly wait for each other, and
    /// prompts one after the other as long as together: so the first need not wait for the last. The weights of a large one are better read once for all.
    /// </summary>
    private void OpenEngines(string folder, OnnxSessions sessions, InferenceOptions options, TimeProvider clock)
    {
        var small = sessions.OnCpu && ModelFiles.GraphBytes(folder, config.FileName) <= SmallBytesMax;
        var sideBySide = small ? Math.Min(options.Threads, options.Slots) : 1;
        for (var i = 0; i < sideBySide; i++)
        {
            var slots = (options.Slots + i) / sideBySide;
            var decoder = new Decoder(folder, config, sessions, slots, sideBySide > 1 ? 1 : options.Threads);
            engines.Add(new(Id, decoder, queue, engines, TimeSpan.FromMilliseconds(options.StepMilliseconds), clock, together: !small));
        }

        var prompt = Encode([new("user", "Hello")]);
        CheckIds(prompt);
        engines.ForEach(engine => engine.WarmUp(prompt));
    }
}
