using Microsoft.Extensions.Localization;
using Portal.Catalog;

namespace Portal.Components.Pages.Playground.Answers;

/// <summary>The factors of a price as words; one that the catalogue's editor has made up stands for itself.</summary>
internal static class FactorWords
{
    private const string RegionPrefix = "region:";

    public static string Factor(this IStringLocalizer<PlaygroundText> text, string name)
    {
        if (AliasFactor.AliasOf(name) is { } alias) return text["Factor.alias", alias];
        if (CouponFactors.CodeOf(name) is { } code) return text["Factor.coupon", code];
        if (name.StartsWith(RegionPrefix, StringComparison.Ordinal)) return text["Factor.region", name[RegionPrefix.Length..]];
        var word = text[$"Factor.{name}"];
        return word.ResourceNotFound ? name : word;
    }
}
