using Portal.Data.Billing;

namespace Portal.Prompts.Pricing;

/// <summary>What the price of an account's prompts depends on, besides the prompt itself.</summary>
/// <param name="Postpaid">It may go on account.</param>
/// <param name="Pooled">It is a member of a compute pool whose period runs.</param>
/// <param name="Coupons">Some of its redeemed coupons are in force.</param>
/// <param name="RateCard">Id of the one in force.</param>
/// <param name="Subscription">Of the one that is not canceled what prices and its entitlement depend on, whatever it gives by now; null: there is none.</param>
internal sealed record PromptTerms(
    bool Education, int ContractMonths, string TimeZone, bool Postpaid, bool Pooled, bool Coupons, int RateCard, Subscription? Subscription);
