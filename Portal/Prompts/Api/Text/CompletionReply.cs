using System.Text;
using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;

namespace Portal.Prompts.Api.Text;

/// <summary>The answer of <c>/v1/completions</c>; a stream is made of the same objects.</summary>
public sealed record CompletionReply(Guid Id, long Created, string Model) : TextReply(Id, Created, Model)
{
    private string Name => $"cmpl-{Id:N}";

    public override object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage) => new
    {
        Id = Name, Object = "text_completion", Created, Model, Choices = new[] { Choice(text, tokens, ReasonOf(finish)) }, Usage = UsageOf(usage),
    };

    public override object Piece(string text, IReadOnlyList<TokenChoice> tokens) => Chunk(Choice(text, tokens, null));

    public override object End(PromptFinish finish) => Chunk(Choice("", [], ReasonOf(finish)));

    public override object UsageOnly(MeteredUsage usage) => new
    {
        Id = Name, Object = "text_completion", Created, Model, Choices = Array.Empty<object>(), Usage = UsageOf(usage),
    };

    private object Chunk(object choice) => new { Id = Name, Object = "text_completion", Created, Model, Choices = new[] { choice } };

    private static object Choice(string text, IReadOnlyList<TokenChoice> tokens, string? reason) => new
    {
        Index = 0, Text = text, Logprobs = LogProbs(tokens), FinishReason = reason,
    };

    private static object? LogProbs(IReadOnlyList<TokenChoice> tokens) => tokens.Count == 0 ? null : new
    {
        Tokens = tokens.Select(t => TextOf(t.Chosen)), TokenLogprobs = tokens.Select(t => t.Chosen.LogProbability),
        TopLogprobs = tokens.Select(t => t.Top.DistinctBy(TextOf).ToDictionary(TextOf, l => l.LogProbability)),
    };

    private static string TextOf(LikelyToken token) => Encoding.UTF8.GetString(token.Text);
}
