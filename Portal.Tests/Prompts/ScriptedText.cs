using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Inference;
using Portal.Inference.Text;

namespace Portal.Tests.Prompts;

/// <summary>
/// A text model that says one word a token, each when the test lets it. One word of the prompt is one token; the end of the turn is none.
/// </summary>
internal sealed class ScriptedText : ITextModel
{
    private readonly Channel<Exception?> turns = Channel.CreateUnbounded<Exception?>();

    private int active;
    private int said;

    public string Id { get; init; } = "guide";

    public string Version { get; set; } = "1";

    public int ContextLength { get; init; } = 512;

    public IReadOnlyList<string> Words { get; set; } = ["one ", "two ", "three ", "four ", "five "];

    /// <summary>Answers that are being generated, or wait for their next word.</summary>
    public int Active => active;

    /// <summary>Words that were taken from it.</summary>
    public int Said => said;

    public TextRequest? Last { get; private set; }

    /// <summary>Lets it say this many words more.</summary>
    public ScriptedText Say(int words)
    {
        for (var i = 0; i < words; i++) turns.Writer.TryWrite(null);
        return this;
    }

    /// <summary>Lets it fail where the next word would be.</summary>
    public ScriptedText Fail(Exception? with = null)
    {
        turns.Writer.TryWrite(with ?? new ModelFailedException(Id));
        return this;
    }

    /// <summary>How often it counts before it is unloaded, though somebody has it in hand still.</summary>
    public int CountsLeft { get; set; } = int.MaxValue;

    /// <summary>Whether its chat template has a place for a system message.</summary>
    public bool TakesSystem { get; init; } = true;

    public int CountTokens(IReadOnlyList<ChatMessage> messages) =>
        CountsLeft-- == 0 ? throw new ModelUnloadedException(Id)
        : !TakesSystem && messages.Any(m => m.Role == "system") ? throw new PromptUnfitException(Id, new InvalidDataException("System role not supported"))
        : messages.Sum(m => m.Content.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    public async IAsyncEnumerable<TextDelta> Generate(TextRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Last = request;
        Interlocked.Increment(ref active);
        try
        {
            var count = Math.Min(Words.Count, request.MaxTokens);
            for (var i = 1; i <= count; i++)
            {
                if (await turns.Reader.ReadAsync(cancellationToken) is { } failure) throw failure;
                var finish = i < count ? (FinishReason?)null : count < Words.Count ? FinishReason.Length : FinishReason.Stop;
                yield return new TextDelta(Words[i - 1], new TextUsage(CountTokens(request.Messages), i), finish, []);
                Interlocked.Increment(ref said);
            }
        }
        finally
        {
            Interlocked.Decrement(ref active);
        }
    }
}
