using System.Text.Json;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api.Text;

/// <summary>
/// The body of <c>POST /v1/completions</c>: the older endpoint, for programs that send one text. The models are instructed ones, so that the text
/// is what a person says to them. Fields that are not named here are ignored.
/// </summary>
/// <param name="Model">A model, an alias, or <c>auto</c>, for which <paramref name="Priority"/> chooses: <c>high</c>, <c>normal</c> or <c>batch</c>.</param>
/// <param name="Prompt">A string, or an array of one.</param>
/// <param name="MaxTokens">Null: 16, as OpenAI's.</param>
/// <param name="Logprobs">Likely tokens beside each one of the answer.</param>
public sealed record CompletionRequest(
    string? Model, JsonElement? Prompt, int? MaxTokens, float? Temperature, float? TopP, int? TopK, float? MinP, float? RepetitionPenalty,
    float? FrequencyPenalty, float? PresencePenalty, int? Logprobs, long? Seed, JsonElement? Stop, int? N, int? BestOf, bool? Echo, string? Suffix, bool? Stream,
    StreamOptions? StreamOptions, string? Priority = null, bool? Cache = null, JsonElement? LogitBias = null) : ITextCall
{
    private const int MaxTokensDefault = 16;

    bool ITextCall.Streams => Stream == true;

    bool ITextCall.IncludesUsage => StreamOptions?.IncludeUsage == true;

    public TextReply Reply(Guid id, long created) => new CompletionReply(id, created, Model!);

    public Outcome<TextPrompt> ToPrompt(Guid id)
    {
        if (string.IsNullOrEmpty(Model))
        {
            return new Refusal("api.missing", "model");
        }

        if (Prompt is null or { ValueKind: JsonValueKind.Null })
        {
            return new Refusal("api.missing", "prompt");
        }

        if (Unsupported() is { } field)
        {
            return new Refusal("api.unsupported", field);
        }

        return JsonText.Strings(Prompt) is [var text]
            ? new TextPrompt(id, Model, [new ChatMessage("user", text)], MaxTokens ?? MaxTokensDefault)
            {
                Sampling = new Sampling
                {
                    Temperature = Temperature ?? 0, TopP = TopP ?? 1, TopK = TopK ?? 0, MinP = MinP ?? 0, RepetitionPenalty = RepetitionPenalty ?? 1,
                    FrequencyPenalty = FrequencyPenalty ?? 0, PresencePenalty = PresencePenalty ?? 0, Seed = Seed,
                },
                Cache = Cache, Priority = PriorityField.Read(Priority), Likelihoods = Logprobs, Stop = JsonText.Strings(Stop) ?? [],
            }
            : new Refusal("api.unsupported", "prompt");
    }

    private string? Unsupported() =>
        N is not (null or 1) ? "n"
        : BestOf is not (null or 1) ? "best_of"
        : Echo == true ? "echo"
        : Suffix is { Length: > 0 } ? "suffix"
        : JsonText.HasAny(LogitBias) ? "logit_bias"
        : !PriorityField.IsKnown(Priority) ? "priority"
        : JsonText.Strings(Stop) is null ? "stop"
        : null;
}
