using System.Threading.Channels;
using Portal.Inference.Onnx;
using Portal.Inference.Text.Engine;

namespace Portal.Inference.Text.Answers;

/// <summary>
/// One request on its way through the engine: the engine's thread feeds it logits, the caller reads its deltas and may cancel it from any thread.
/// </summary>
internal sealed class Answer : IDisposable
{
    /// <summary>
    /// How long text may wait for more: less than a screen takes to show it. Handing over a piece wakes its reader, which costs the processor about what
    /// a small model's token does.
    /// </summary>
    private const long PauseMs = 10;

    private readonly Channel<TextDelta> deltas = Channel.CreateUnbounded<TextDelta>(new() { SingleReader = true, SingleWriter = true });
    private readonly Sampler sampler;
    private readonly StopStrings stop;
    private readonly TextStream stream;
    private readonly DecoderConfig config;
    private readonly List<int> output = [];
    private readonly int outputMax;
    private readonly TokenLikelihood? likelihood;
    private List<TokenChoice> choices = [];
    private string pending = "";
    private long? handedMs;
    private volatile bool cancelled;

    public Answer(TextRequest request, int[] prompt, DecoderConfig config, Tokenizer tokenizer)
    {
        Prompt = prompt;
        this.config = config;
        outputMax = Math.Min(request.MaxTokens, config.ContextLength - prompt.Length);
        sampler = new(request.Sampling, prompt);
        likelihood = request.Likelihoods is { } top ? new(tokenizer, top) : null;
        stop = new(request.Stop);
        stream = tokenizer.Stream();
    }

    public int[] Prompt { get; }

    /// <summary>Prompt tokens that the cache holds.</summary>
    public int PromptRead { get; set; }

    public IReadOnlyList<int> Output => output;

    /// <summary>Tokens that the cache holds: all but the one chosen last.</summary>
    public int Held => PromptRead + Math.Max(0, output.Count - 1);

    public ChannelReader<TextDelta> Deltas => deltas.Reader;

    public bool Finished { get; private set; }

    public bool Cancelled => cancelled;

    public void Cancel() => cancelled = true;

    /// <summary>Takes the engine's logits for the next token.</summary>
    /// <param name="nowMs">Milliseconds since any moment.</param>
    public void Accept(ReadOnlySpan<float> logits, long nowMs)
    {
        var token = sampler.Next(logits);
        output.Add(token);
        if (likelihood is not null)
        {
            choices.Add(likelihood.Of(logits, token));
        }

        if (config.EndTokens.Contains(token))
        {
            Finish(stop.Rest(), FinishReason.Stop);
            return;
        }

        var text = stop.Append(stream.Append(token));
        if (stop.Reached)
        {
            Finish(text, FinishReason.Stop);
        }
        else if (output.Count >= outputMax)
        {
            Finish(text + stop.Rest(), FinishReason.Length);
        }
        else
        {
            Offer(text, nowMs);
        }
    }

    /// <summary>Ends the stream: with the failure if there is one, else as it stands.</summary>
    public void End(Exception? failure = null)
    {
        if (failure is not null && pending.Length > 0)
        {
            Write("", null);
        }

        Finished = true;
        deltas.Writer.TryComplete(failure);
        stream.Dispose();
    }

    public void Dispose() => End();

    private void Finish(string text, FinishReason reason)
    {
        Write(text, reason);
        End();
    }

    /// <summary>The first piece goes at once, and so does one that comes late.</summary>
    private void Offer(string text, long nowMs)
    {
        if (text.Length == 0 && pending.Length == 0)
        {
            return;
        }

        if (handedMs is { } last && nowMs - last < PauseMs)
        {
            pending += text;
            return;
        }

        handedMs = nowMs;
        Write(text, null);
    }

    private void Write(string text, FinishReason? reason)
    {
        deltas.Writer.TryWrite(new(pending + text, new(Prompt.Length, output.Count), reason, choices));
        choices = likelihood is null ? choices : [];
        pending = "";
    }
}
