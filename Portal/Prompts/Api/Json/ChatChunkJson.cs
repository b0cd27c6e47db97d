using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Json;

/// <summary>A piece of a streamed answer of <c>/v1/chat/completions</c>.</summary>
/// <param name="Usage">Only in the last piece, and only when asked for.</param>
public sealed record ChatChunkJson(
    string Id, [property: JsonPropertyName("object")] string Kind, long Created, string Model, IReadOnlyList<ChatChunkJson.Choice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenUsageJson? Usage = null)
{
    /// <param name="FinishReason">Null until the last.</param>
    public sealed record Choice(int Index, Delta Delta, LogProbsJson? Logprobs, string? FinishReason);

    /// <param name="Role">In the first piece.</param>
    /// <param name="Content">What follows on the pieces before.</param>
    public sealed record Delta(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content = null);
}
