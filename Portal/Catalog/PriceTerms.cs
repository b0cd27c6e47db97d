namespace Portal.Catalog;

/// <summary>Everything that decides a charge's price, fixed when it is quoted: the charge keeps it whatever changes later.</summary>
/// <param name="Plan">Key of the plan whose overage rate applies; null at pay-per-use rates.</param>
/// <param name="Factors">In the order in which they multiply.</param>
public sealed record PriceTerms(int RateCardVersion, string Model, string? Plan, IReadOnlyList<MeterRate> Rates, IReadOnlyList<NamedFactor> Factors);

/// <param name="PerUnit">Exact yuan a token or a standard image.</param>
/// <param name="BasePixels">Of a standard image; 0 for tokens.</param>
/// <param name="Tiers">Ascending, by units of the calendar month; empty: one tier of factor 1.</param>
public sealed record MeterRate(string Meter, decimal PerUnit, long BasePixels, int BaseSteps, IReadOnlyList<Tier> Tiers);

/// <summary>Units from here on, to the next tier, cost the rate times the factor.</summary>
public readonly record struct Tier(long From, decimal Factor);

public readonly record struct NamedFactor(string Name, decimal Multiplier);

/// <summary>What the conditions of factors ask about.</summary>
/// <param name="LocalTime">The account's wall clock.</param>
/// <param name="Region">Where it runs, as configured; null: none of the named ones.</param>
/// <param name="Quality">The grade that the answer will have, of <see cref="QualityGrades"/>, when it is known to be less than the best; null: the best.</param>
/// <param name="Coupons">The factors of the account's coupons, as <see cref="CouponFactors"/> chooses them; null: none.</param>
public sealed record PriceContext(
    bool Prepaid, int ContractMonths, bool Education, DateTimeOffset LocalTime, string? Region = null,
    bool LightModel = false, bool PreviousVersion = false, bool Batch = false, bool BatchLite = false, bool Cached = false, IReadOnlyList<NamedFactor>? Coupons = null,
    string? Quality = null);
