using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Api.Json;

namespace Portal.Prompts.Api.Text;

/// <summary>The answer of <c>/v1/completions</c>; a stream is made of the same objects.</summary>
public sealed record CompletionReply(Guid Id, long Created, string Model) : TextReply(Id, Created, Model)
{
    public override object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage) =>
        Json([Choice(text, tokens, ReasonOf(finish))], UsageOf(usage));

    public override object Piece(string text, IReadOnlyList<TokenChoice> tokens) => Json([Choice(text, tokens, null)]);

    public override object End(PromptFinish finish) => Json([Choice("", [], ReasonOf(finish))]);

    public override object UsageOnly(MeteredUsage usage) => Json([], UsageOf(usage));

    private TextCompletionJson Json(IReadOnlyList<TextCompletionJson.Choice> choices, TokenUsageJson? usage = null) =>
        new($"cmpl-{Id:N}", "text_completion", Created, Model, choices, usage);

    private static TextCompletionJson.Choice Choice(string text, IReadOnlyList<TokenChoice> tokens, string? reason) =>
        new(0, text, TextCompletionJson.Likelihoods.Of(tokens), reason);
}
