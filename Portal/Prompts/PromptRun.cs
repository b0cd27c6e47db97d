using System.Text;
using System.Threading.Channels;
using Portal.Billing.Ledger;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Pictures;

namespace Portal.Prompts;

/// <summary>
/// A prompt that is paid for and running. It goes on and is settled whether or not anybody reads it; the token that it was started with ends it.
/// </summary>
public sealed class PromptRun
{
    // Not bounded by a reader's pace but by what was reserved: max tokens, or a few pictures.
    private readonly Channel<PromptUpdate> updates = Channel.CreateUnbounded<PromptUpdate>(new() { SingleWriter = true, SingleReader = true });

    internal PromptRun(Guid id, string model, HoldQuote quote, bool? cached, DegradedSteps? degraded)
    {
        Cached = cached;
        Degraded = degraded;
        Id = id;
        Model = model;
        Quote = quote;
    }

    public Guid Id { get; }

    /// <summary>The model that answers, whatever name it was asked by.</summary>
    public string Model { get; }

    /// <summary>Whether an earlier answer is given again; null: none was wanted.</summary>
    public bool? Cached { get; }

    /// <summary>Set when a picture is drawn in fewer steps than usual, because its model is busy.</summary>
    public DegradedSteps? Degraded { get; }

    /// <summary>The worst case that is held.</summary>
    public HoldQuote Quote { get; }

    /// <summary>Pieces of the answer, for one reader; it completes when the model is done, before the charge is.</summary>
    public ChannelReader<PromptUpdate> Updates => updates.Reader;

    /// <summary>Completes when the charge or the release is on disk. It never throws.</summary>
    public Task<PromptResult> Completion { get; private set; } = null!;

    /// <summary>All pieces of the answer, once the model is done; the pictures in their order.</summary>
    public async Task<(string Text, IReadOnlyList<TokenChoice> Tokens, byte[][] Images)> ReadWhole()
    {
        var (text, tokens, images) = (new StringBuilder(), new List<TokenChoice>(), new SortedList<int, byte[]>());
        await foreach (var update in Updates.ReadAllAsync())
        {
            text.Append(update.Text);
            tokens.AddRange(update.Tokens);
            if (update.Png is { } png)
            {
                images[update.Index] = png;
            }
        }

        return (text.ToString(), tokens, [.. images.Values]);
    }

    internal ChannelWriter<PromptUpdate> Writer => updates.Writer;

    internal void Started(Task<PromptResult> completion) => Completion = completion;
}
