using System.Text.Json;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api.Text;

/// <summary>
/// The body of <c>POST /v1/chat/completions</c>, as far as it is served here; beyond OpenAI's fields <c>top_k</c>, <c>min_p</c>,
/// <c>repetition_penalty</c> and <c>cache</c>, which lets an earlier answer of the account do. Fields that are not named here are ignored;
/// those of OpenAI's that would change the answer and are not served are refused.
/// </summary>
/// <param name="Model">A model, an alias, or <c>auto</c>, for which <paramref name="Priority"/> chooses: <c>high</c>, <c>normal</c> or <c>batch</c>.</param>
public sealed record ChatCompletionRequest(
    string? Model, IReadOnlyList<ChatCompletionRequest.Message>? Messages, int? MaxTokens, int? MaxCompletionTokens, float? Temperature, float? TopP,
    int? TopK, float? MinP, float? RepetitionPenalty, float? FrequencyPenalty, float? PresencePenalty, bool? Logprobs,
    int? TopLogprobs, long? Seed, JsonElement? Stop, int? N, bool? Stream,
    StreamOptions? StreamOptions, JsonElement? Tools, JsonElement? ResponseFormat, string? Priority = null, bool? Cache = null,
    JsonElement? Functions = null, JsonElement? LogitBias = null) : ITextCall
{
    /// <param name="Content">A string, or parts of type <c>text</c>.</param>
    public sealed record Message(string? Role, JsonElement? Content);

    bool ITextCall.Streams => Stream == true;

    bool ITextCall.IncludesUsage => StreamOptions?.IncludeUsage == true;

    public TextReply Reply(Guid id, long created) => new ChatReply(id, created, Model!);

    public Outcome<TextPrompt> ToPrompt(Guid id)
    {
        if (string.IsNullOrEmpty(Model))
        {
            return new Refusal("api.missing", "model");
        }

        if (Messages is not { Count: > 0 })
        {
            return new Refusal("api.missing", "messages");
        }

        if (Unsupported() is { } field)
        {
            return new Refusal("api.unsupported", field);
        }

        var messages = Messages.Select(m => (Role: m?.Role == "developer" ? "system" : m?.Role, Content: Text(m?.Content))).ToList();
        if (messages.Exists(m => m.Role is null || m.Content is null))
        {
            return new Refusal("api.unsupported", "messages");
        }

        return new TextPrompt(id, Model, [.. messages.Select(m => new ChatMessage(m.Role!, m.Content!))], MaxCompletionTokens ?? MaxTokens)
        {
            Sampling = new Sampling
            {
                Temperature = Temperature ?? 0, TopP = TopP ?? 1, TopK = TopK ?? 0, MinP = MinP ?? 0, RepetitionPenalty = RepetitionPenalty ?? 1,
                FrequencyPenalty = FrequencyPenalty ?? 0, PresencePenalty = PresencePenalty ?? 0, Seed = Seed,
            },
            Cache = Cache, Priority = PriorityField.Read(Priority), Likelihoods = Logprobs == true ? TopLogprobs ?? 0 : null, Stop = JsonText.Strings(Stop) ?? [],
        };
    }

    private string? Unsupported() =>
        N is not (null or 1) ? "n"
        : JsonText.HasAny(Tools) ? "tools"
        : JsonText.HasAny(Functions) ? "functions"
        : JsonText.HasAny(LogitBias) ? "logit_bias"
        : ResponseFormat is { ValueKind: JsonValueKind.Object } format && !(format.TryGetProperty("type", out var type) && type.ValueEquals("text"))
            ? "response_format"
        : !PriorityField.IsKnown(Priority) ? "priority"
        : JsonText.Strings(Stop) is null ? "stop"
        : TopLogprobs > 0 && Logprobs != true ? "top_logprobs"
        : null;

    private static string? Text(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => Join(parts),
        _ => null,
    };

    private static string? Join(JsonElement parts)
    {
        var texts = parts.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null).ToList();
        return texts.Contains(null) ? null : string.Concat(texts);
    }
}
