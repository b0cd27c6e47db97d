using Portal.Data.Billing;

namespace Portal.Prompts;

/// <summary>What the price of an account's prompts depends on, besides the prompt itself.</summary>
/// <param name="Subscription">The one that is not canceled, whatever it gives by now; null: there is none.</param>
/// <param name="Postpaid">It may go on account.</param>
/// <param name="Pooled">It is a member of a compute pool whose period runs.</param>
/// <param name="Coupons">Some of its redeemed coupons are in force.</param>
/// <param name="RateCard">Id of the one in force.</param>
internal sealed record AccountTerms(
    bool Education, int ContractMonths, string TimeZone, Subscription? Subscription, bool Postpaid, bool Pooled, bool Coupons, int RateCard);
