using System.Text.Json.Serialization;
using Portal.Catalog;
using Portal.Data;

namespace Portal.Billing.Rating;

/// <summary>What a prompt consumes, measured or at worst: either tokens or images.</summary>
/// <param name="Width">Pixels of each image.</param>
/// <param name="Height">Pixels of each image.</param>
public sealed record MeteredUsage(Unit Unit, long InputTokens, long OutputTokens, long Images, int Width, int Height, int Steps)
{
    public static MeteredUsage Text(long inputTokens, long outputTokens) => new(Unit.Tokens, inputTokens, outputTokens, 0, 0, 0, 0);

    public static MeteredUsage Picture(long images, int width, int height, int steps) => new(Unit.Images, 0, 0, images, width, height, steps);

    [JsonIgnore]
    public long Tokens => checked(InputTokens + OutputTokens);

    /// <summary>
    /// Units that a quota is charged: tokens, or standard images. A picture costs one unit for each begun standard
    /// size (pixels × steps), so a small one is one and nobody draws posters from an allowance of pictures.
    /// </summary>
    public long QuotaUnits(PriceTerms terms)
    {
        if (Unit == Unit.Tokens)
        {
            return Tokens;
        }

        var rate = terms.Rates[0];
        var standard = (decimal)rate.BasePixels * rate.BaseSteps;
        return checked(Images * Math.Max(1, (long)Math.Ceiling((decimal)Width * Height * Steps / standard)));
    }
}
