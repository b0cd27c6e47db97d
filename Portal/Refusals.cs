using Microsoft.Extensions.Localization;

namespace Portal;

/// <summary>Refusals as sentences.</summary>
public static class Refusals
{
    private const string Unknown = "unknown";

    /// <param name="text">The resources of <c>RefusalText</c>.</param>
    /// <returns>The sentence of <paramref name="refusal"/> in the language of the current thread.</returns>
    public static string Sentence(this IStringLocalizer text, Refusal refusal)
    {
        object[] said = [.. refusal.Args.Select(a => text.Dated(a))];
        object[] arguments = [.. refusal.Args.Select((a, place) => a.StartsWith(Refusal.Word, StringComparison.Ordinal) ? text[a[Refusal.Word.Length..], said].Value : said[place])];
        var sentence = text[refusal.Code, arguments];
        return sentence.ResourceNotFound ? text[Unknown] : sentence;
    }
}
