using System.Text;
using Portal.Inference.Text;

namespace Portal.Prompts.Api.Text;

/// <summary>How likely the tokens of an answer were, as OpenAI's API writes it.</summary>
internal static class ChatLogProbs
{
    /// <returns>Null when the request did not ask.</returns>
    public static object? Of(IReadOnlyList<TokenChoice> tokens) => tokens.Count == 0 ? null : new
    {
        Content = tokens.Select(choice => new
        {
            Token = Text(choice.Chosen), Logprob = choice.Chosen.LogProbability, Bytes = Bytes(choice.Chosen), TopLogprobs = choice.Top.Select(Likely),
        }),
        Refusal = (object?)null,
    };

    private static object Likely(LikelyToken token) => new { Token = Text(token), Logprob = token.LogProbability, Bytes = Bytes(token) };

    private static string Text(LikelyToken token) => Encoding.UTF8.GetString(token.Text);

    // As numbers; a byte array would be written as Base64.
    private static IEnumerable<int> Bytes(LikelyToken token) => token.Text.Select(b => (int)b);
}
