using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Api.Json;

namespace Portal.Prompts.Api.Text;

/// <summary>The answer of <c>/v1/chat/completions</c>.</summary>
public sealed record ChatReply(Guid Id, long Created, string Model) : TextReply(Id, Created, Model)
{
    private const string PieceKind = "chat.completion.chunk";

    public override object Opening => Chunk(new ChatChunkJson.Delta("assistant", ""), null, []);

    private string Name => $"chatcmpl-{Id:N}";

    public override object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage) => new ChatCompletionJson(
        Name, "chat.completion", Created, Model,
        [new ChatCompletionJson.Choice(0, new ChatCompletionJson.Message("assistant", text), LogProbsJson.Of(tokens), ReasonOf(finish))], UsageOf(usage));

    public override object Piece(string text, IReadOnlyList<TokenChoice> tokens) => Chunk(new ChatChunkJson.Delta(Content: text), null, tokens);

    public override object End(PromptFinish finish) => Chunk(new ChatChunkJson.Delta(), ReasonOf(finish), []);

    public override object UsageOnly(MeteredUsage usage) => new ChatChunkJson(Name, PieceKind, Created, Model, [], UsageOf(usage));

    private ChatChunkJson Chunk(ChatChunkJson.Delta delta, string? reason, IReadOnlyList<TokenChoice> tokens) =>
        new(Name, PieceKind, Created, Model, [new ChatChunkJson.Choice(0, delta, LogProbsJson.Of(tokens), reason)]);
}
