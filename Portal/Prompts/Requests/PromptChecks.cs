using System.Globalization;
using System.Text;
using Portal.Inference.Images;
using Portal.Inference.Text;

namespace Portal.Prompts.Requests;

/// <summary>What can be said about a request without its model, and the request as the model gets it.</summary>
public static class PromptChecks
{
    private static readonly string[] Roles = ["system", "user", "assistant"];

    /// <returns>The request with its messages cleaned.</returns>
    public static Outcome<TextPrompt> Text(TextPrompt request)
    {
        if (request.Messages.Count is 0 or > PromptLimits.MessagesMax || request.Messages.Any(m => !Roles.Contains(m.Role)))
        {
            return new Refusal("prompt.messages", Whole(PromptLimits.MessagesMax));
        }

        if (TooLong(request.Messages.Sum(m => (long)m.Content.Length)) is { } refusal)
        {
            return refusal;
        }

        if ((request.Sampling.OutOfRange ?? TooMany(request.Likelihoods)) is { } wrong)
        {
            return new Refusal("prompt.range", wrong.Name, Number(wrong.Min), Number(wrong.Max));
        }

        if (request.Stop.Count > PromptLimits.StopMax || request.Stop.Any(string.IsNullOrEmpty))
        {
            return new Refusal("prompt.stop", Whole(PromptLimits.StopMax));
        }

        var messages = request.Messages.Select(m => m with { Content = Clean(m.Content) }).ToList();
        return string.IsNullOrWhiteSpace(messages[^1].Content) ? new Refusal("prompt.empty") : request with { Messages = messages };
    }

    /// <returns>The request with its text cleaned.</returns>
    public static Outcome<ImagePrompt> Image(ImagePrompt request)
    {
        if (TooLong((long)request.Text.Length + request.NegativeText.Length) is { } refusal)
        {
            return refusal;
        }

        if (request.Count is < 1 or > PromptLimits.ImagesMax)
        {
            return new Refusal("prompt.count", Whole(request.Count), Whole(PromptLimits.ImagesMax));
        }

        if (request.Guidance is not (>= 0 and <= ImageRequest.GuidanceMax))
        {
            return new Refusal("prompt.range", "guidance_scale", Number(0), Number(ImageRequest.GuidanceMax));
        }

        var text = Clean(request.Text);
        return string.IsNullOrWhiteSpace(text) ? new Refusal("prompt.empty") : request with { Text = text, NegativeText = Clean(request.NegativeText) };
    }

    /// <summary>Without control characters (line breaks and tabs stay) and without halves of characters, which no tokenizer reads alike.</summary>
    public static string Clean(string text)
    {
        if (IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control)
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>Whether it surely is as it would be left: nothing in it but line breaks, tabs and whole characters of the first plane. Nearly every text is.</summary>
    private static bool IsClean(string text)
    {
        foreach (var c in text)
        {
            if (c is not ('\n' or '\t' or (>= ' ' and < '\x7f') or (>= '\xa0' and < '\u2028') or (> '\u2029' and < '\ud800') or >= '\ue000'))
            {
                return false;
            }
        }

        return true;
    }

    private static Refusal? TooLong(long characters) => characters > PromptLimits.CharactersMax
        ? new Refusal("prompt.too-long", Whole(characters), Whole(PromptLimits.CharactersMax))
        : null;

    private static ParameterRange? TooMany(int? likelihoods) =>
        likelihoods is < 0 or > PromptLimits.LikelihoodsMax ? new("top_logprobs", likelihoods.Value, 0, PromptLimits.LikelihoodsMax) : null;

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
