using System.Globalization;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Forms;

/// <summary>A rate as it is typed.</summary>
public sealed class RateForm
{
    public string Model { get; set; } = "";

    public string Meter { get; set; } = Meters.OutputTokens;

    public string PerUnit { get; set; } = "";

    public string BasePixels { get; set; } = "1048576";

    public string BaseSteps { get; set; } = "9";

    /// <summary>As <see cref="CatalogInput.Pairs"/> reads it.</summary>
    public string Tiers { get; set; } = "";

    public static RateForm Of(Rate rate) => new()
    {
        Model = rate.Model, Meter = rate.Meter, PerUnit = CatalogJson.Plain(rate.PerUnit), BasePixels = rate.BasePixels.ToString(CultureInfo.InvariantCulture),
        BaseSteps = rate.BaseSteps.ToString(CultureInfo.InvariantCulture), Tiers = CatalogFields.Tiers(rate).Replace(", ", "\n", StringComparison.Ordinal),
    };

    /// <returns>The rate when it keeps the rules by itself.</returns>
    public Outcome<Rate> Read()
    {
        var images = Meter == Meters.Images;
        if (!CatalogInput.Number(PerUnit).IsDone(out var wrong, out var perUnit)
            || !CatalogInput.Whole(images ? BasePixels : "").IsDone(out wrong, out var pixels)
            || !CatalogInput.WholeOrNone(images ? BaseSteps : "").IsDone(out wrong, out var steps)
            || !CatalogInput.Pairs(images ? "" : Tiers).IsDone(out wrong, out var pairs))
        {
            return wrong;
        }

        if (pairs!.Exists(p => p.First != decimal.Truncate(p.First) || p.First is < 0 or > long.MaxValue))
        {
            return new Refusal("catalog.number", CatalogJson.Plain(pairs.Find(p => p.First != decimal.Truncate(p.First) || p.First is < 0 or > long.MaxValue).First));
        }

        var rate = new Rate
        {
            Model = Model.Trim(), Meter = Meter, PerUnit = perUnit, BasePixels = pixels, BaseSteps = steps ?? 0,
            Tiers = pairs.ConvertAll(p => new RateTier { From = decimal.ToInt64(p.First), Factor = p.Second }),
        };
        return PriceRules.WhyNot(rate) is { } flaw ? flaw.Refusal : rate;
    }
}
