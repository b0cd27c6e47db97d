using Microsoft.Extensions.Localization;

namespace Portal.Payments.Declines;

/// <summary>What a gateway's or a bank's code means, and what to do next, in the language of the current thread.</summary>
public sealed class DeclineWords(IStringLocalizer<DeclineText> text)
{
    /// <summary>Codes without words of their own share one sentence.</summary>
    public string Say(string? code)
    {
        var sentence = text[code ?? ""];
        return sentence.ResourceNotFound ? text["other"] : sentence;
    }
}
