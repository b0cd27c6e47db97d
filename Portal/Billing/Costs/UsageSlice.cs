using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>What one model was used for in an hour, by everyone in the account.</summary>
/// <param name="Hour">Its beginning.</param>
/// <param name="Images">Standard images.</param>
public sealed record UsageSlice(string Model, DateTimeOffset Hour, long InputTokens, long OutputTokens, long Images)
{
    public Unit Unit => Images > 0 ? Unit.Images : Unit.Tokens;

    /// <summary>The same, so many times over; rounded half-even to whole units.</summary>
    public UsageSlice Times(decimal factor) => factor == 1
        ? this
        : this with { InputTokens = Scaled(InputTokens, factor), OutputTokens = Scaled(OutputTokens, factor), Images = Scaled(Images, factor) };

    private static long Scaled(long units, decimal factor) => decimal.ToInt64(decimal.Round(units * factor, MidpointRounding.ToEven));
}
