using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;

namespace Portal.Prompts.Api.Text;

/// <summary>The answer of <c>/v1/chat/completions</c>.</summary>
public sealed record ChatReply(Guid Id, long Created, string Model) : TextReply(Id, Created, Model)
{
    public override object Opening => Chunk(new { Role = "assistant", Content = "" }, null, []);

    private string Name => $"chatcmpl-{Id:N}";

    public override object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage) => new
    {
        Id = Name, Object = "chat.completion", Created, Model,
        Choices = new[]
        {
            new
            {
                Index = 0, Message = new { Role = "assistant", Content = text, Refusal = (string?)null }, Logprobs = ChatLogProbs.Of(tokens),
                FinishReason = ReasonOf(finish),
            },
        },
        Usage = UsageOf(usage),
    };

    public override object Piece(string text, IReadOnlyList<TokenChoice> tokens) => Chunk(new { Content = text }, null, tokens);

    public override object End(PromptFinish finish) => Chunk(new { }, ReasonOf(finish), []);

    public override object UsageOnly(MeteredUsage usage) => new
    {
        Id = Name, Object = "chat.completion.chunk", Created, Model, Choices = Array.Empty<object>(), Usage = UsageOf(usage),
    };

    private object Chunk(object delta, string? reason, IReadOnlyList<TokenChoice> tokens) => new
    {
        Id = Name, Object = "chat.completion.chunk", Created, Model,
        Choices = new[] { new { Index = 0, Delta = delta, Logprobs = ChatLogProbs.Of(tokens), FinishReason = reason } },
    };
}
