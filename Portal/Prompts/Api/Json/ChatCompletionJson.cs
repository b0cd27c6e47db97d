using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Json;

/// <summary>A whole answer of <c>/v1/chat/completions</c>.</summary>
/// <param name="Created">Unix seconds.</param>
public sealed record ChatCompletionJson(
    string Id, [property: JsonPropertyName("object")] string Kind, long Created, string Model, IReadOnlyList<ChatCompletionJson.Choice> Choices, TokenUsageJson Usage)
{
    /// <param name="FinishReason"><c>stop</c> or <c>length</c>.</param>
    public sealed record Choice(int Index, Message Message, LogProbsJson? Logprobs, string FinishReason);

    public sealed record Message(string Role, string Content, string? Refusal = null);
}
