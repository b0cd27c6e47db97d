using System.Globalization;
using Microsoft.Extensions.Localization;
using Radzen;

namespace Portal.Components.Layout;

/// <summary>Gives Radzen's own buttons and labels in the portal's languages; a word that is not in the resources stays Radzen's English.</summary>
public sealed class RadzenWords(IStringLocalizer<RadzenText> text) : ILocalizer
{
    public string? Get(string key, CultureInfo culture)
    {
        var word = text[key];
        return word.ResourceNotFound ? null : word.Value;
    }
}
