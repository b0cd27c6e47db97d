using Portal.Usage;

namespace Portal.Prompts.Api.Account;

/// <summary>Usage of a day, a model or a project, added up.</summary>
/// <param name="Key">The day as <c>yyyy-MM-dd</c>, the model's id, or the project's.</param>
/// <param name="Name">The project's.</param>
/// <param name="Images">Standard images.</param>
/// <param name="CoveredTokens">What a quota paid for.</param>
/// <param name="Charged">What money paid for.</param>
public sealed record UsageJson(
    string Key, string? Name, long Requests, long InputTokens, long OutputTokens, long Images, long CoveredTokens, long CoveredImages, MoneyJson Charged)
{
    public static UsageJson Of(string key, string? name, UsageSums sums) => new(
        key, name, sums.Requests, sums.InputTokens, sums.OutputTokens, sums.Images, sums.CoveredTokens, sums.CoveredImages, MoneyJson.Of(sums.Charged));
}
