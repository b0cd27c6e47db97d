using Portal.Data;

namespace Portal.Catalog;

/// <summary>Names of what is metered.</summary>
public static class Meters
{
    public const string InputTokens = "tokens.input";
    public const string OutputTokens = "tokens.output";
    public const string Images = "images";

    public static Unit UnitOf(string meter) => meter == Images ? Unit.Images : Unit.Tokens;
}
