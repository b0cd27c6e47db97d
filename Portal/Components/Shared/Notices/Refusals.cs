using Microsoft.Extensions.Localization;

namespace Portal.Components.Shared.Notices;

/// <summary>Refusals as sentences.</summary>
public static class Refusals
{
    private const string Unknown = "unknown";

    /// <summary>The sentence of <paramref name="refusal"/> in the language of the current thread.</summary>
    public static string Sentence(this IStringLocalizer<RefusalText> text, Refusal refusal)
    {
        var sentence = text[refusal.Code, [.. refusal.Args]];
        return sentence.ResourceNotFound ? text[Unknown] : sentence;
    }
}
