using System.Text;
using Portal.Inference.Text;

namespace Portal.Prompts.Api.Json;

/// <summary>How likely the tokens of an answer were.</summary>
public sealed record LogProbsJson(IReadOnlyList<LogProbsJson.Chosen> Content, object? Refusal)
{
    /// <param name="Bytes">Of the token, as numbers: a token may be half of a character.</param>
    public sealed record Likely(string Token, float Logprob, IReadOnlyList<int> Bytes);

    public sealed record Chosen(string Token, float Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<Likely> TopLogprobs);

    /// <returns>Null when the request did not ask.</returns>
    public static LogProbsJson? Of(IReadOnlyList<TokenChoice> tokens) => tokens.Count == 0 ? null : new(
        [
            .. tokens.Select(choice => new Chosen(
                Text(choice.Chosen), choice.Chosen.LogProbability, Bytes(choice.Chosen), [.. choice.Top.Select(t => new Likely(Text(t), t.LogProbability, Bytes(t)))])),
        ],
        null);

    private static string Text(LikelyToken token) => Encoding.UTF8.GetString(token.Text);

    private static int[] Bytes(LikelyToken token) => [.. token.Text.Select(b => (int)b)];
}
