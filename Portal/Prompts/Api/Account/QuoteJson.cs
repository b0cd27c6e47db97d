using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Account;

/// <summary>The worst case of a request, which its hold would reserve.</summary>
/// <param name="Endpoint">Whose request it was read as.</param>
/// <param name="Model">That would answer, which an alias may stand for.</param>
/// <param name="Price">What money would pay at most.</param>
/// <param name="List">The same units without tiers and discounts.</param>
/// <param name="CoveredUnits">Tokens or standard images that quotas would pay for.</param>
/// <param name="MaxTokens">Output tokens at most.</param>
/// <param name="Images">Standard images.</param>
/// <param name="Accepted">Whether it would be run now.</param>
/// <param name="Missing">Why not.</param>
public sealed record QuoteJson(
    [property: JsonPropertyName("object")] string Kind, string Endpoint, string Model, string Currency, MoneyJson Price, MoneyJson List, long CoveredUnits, long InputTokens, int MaxTokens, long Images,
    bool Accepted, string? Missing);
