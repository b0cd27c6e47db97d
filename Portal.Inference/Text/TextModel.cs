using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Lanes;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text;

/// <summary>A text model's folder, loaded: its tokenizer, its decoder, and the one thread that drives them.</summary>
internal sealed class TextModel : ITextModel, IDisposable
{
    private static readonly string[] Roles = ["system", "user", "assistant"];

    private readonly DecoderConfig config;
    private readonly Tokenizer tokenizer;
    private readonly Decoder decoder;
    private readonly DecodeBatch batch;
    private readonly LaneQueue<Answer> queue;
    private readonly int queueMax;
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread engine;

    /// <exception cref="InvalidDataException">The folder is not a text model that can be run.</exception>
    public TextModel(string id, string folder, OnnxSessions sessions, InferenceOptions options, TimeProvider clock)
    {
        (Id, Version) = (id, FolderVersion.Of(folder));
        config = DecoderConfig.Read(folder);
        tokenizer = new(folder);
        try
        {
            decoder = new(folder, config, sessions, options.Slots);
            WarmUp();
        }
        catch
        {
            decoder?.Dispose();
            tokenizer.Dispose();
            throw;
        }

        batch = new(id, decoder, TimeSpan.FromMilliseconds(options.StepMilliseconds), clock);
        queueMax = options.QueueMax;
        queue = new(options.QueueMax, TimeSpan.FromSeconds(options.AgeingSeconds), clock);
        engine = new(Run) { IsBackground = true, Name = $"model {id}" };
        engine.Start();
    }

    public string Id { get; }

    public string Version { get; }

    public int ContextLength => config.ContextLength;

    public EngineLoad Load => new(queue.Waiting, batch.Active, decoder.Slots, decoder.CacheBytes, queueMax);

    public int CountTokens(IReadOnlyList<ChatMessage> messages) => Encode(messages).Length;

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
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        engine.Join();
        queue.Dispose();
        stopping.Dispose();
        decoder.Dispose();
        tokenizer.Dispose();
    }

    /// <summary>The answer to a request, not yet in the queue.</summary>
    private Answer Begin(TextRequest request)
    {
        Check(request);
        var prompt = Encode(request.Messages);
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

    private int[] Encode(IReadOnlyList<ChatMessage> messages) => tokenizer.Encode(tokenizer.FillTemplate(messages));

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

    /// <summary>Proves that template, tokenizer and graph fit together.</summary>
    private void WarmUp()
    {
        var prompt = Encode([new("user", "Hello")]);
        CheckIds(prompt);
        try
        {
            decoder.Prefill(0, prompt.AsSpan(0, Math.Min(prompt.Length, decoder.ChunkMax)), 0);
            decoder.Free(0);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{config.FileName} cannot read a prompt: {e.Message}", e);
        }
    }

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Admit();
                batch.Step();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever went wrong belongs to these answers; out of this thread it would end the whole program.
                batch.Fail(new ModelFailedException(Id, e));
            }
        }

        var stopped = new ModelFailedException(Id);
        batch.Fail(stopped);
        foreach (var answer in queue.Close())
        {
            answer.End(stopped);
        }
    }

    /// <summary>Fills free slots from the queue; waits for a request when there is nothing to do.</summary>
    private void Admit()
    {
        if (batch.Active == 0)
        {
            queue.Wait(stopping.Token);
        }

        while (queue.TryTake(decoder.Slots - batch.Active, decoder.Slots, out var answer))
        {
            batch.Add(answer);
        }
    }
}
