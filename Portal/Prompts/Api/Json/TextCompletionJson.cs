using System.Text;
using System.Text.Json.Serialization;
using Portal.Inference.Text;

namespace Portal.Prompts.Api.Json;

/// <summary>An answer of <c>/v1/completions</c>, or a piece of a streamed one.</summary>
/// <param name="Created">Unix seconds.</param>
public sealed record TextCompletionJson(
    string Id, [property: JsonPropertyName("object")] string Kind, long Created, string Model, IReadOnlyList<TextCompletionJson.Choice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenUsageJson? Usage = null)
{
    /// <param name="FinishReason"><c>stop</c> or <c>length</c>; of a piece before the last null.</param>
    public sealed record Choice(int Index, string Text, Likelihoods? Logprobs, string? FinishReason);

    public sealed record Likelihoods(IReadOnlyList<string> Tokens, IReadOnlyList<float> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, float>> TopLogprobs)
    {
        /// <returns>Null when the request did not ask.</returns>
        public static Likelihoods? Of(IReadOnlyList<TokenChoice> tokens) => tokens.Count == 0 ? null : new(
            [.. tokens.Select(t => TextOf(t.Chosen))],
            [.. tokens.Select(t => t.Chosen.LogProbability)],
            [.. tokens.Select(t => t.Top.DistinctBy(TextOf).ToDictionary(TextOf, l => l.LogProbability))]);

        private static string TextOf(LikelyToken token) => Encoding.UTF8.GetString(token.Text);
    }
}
