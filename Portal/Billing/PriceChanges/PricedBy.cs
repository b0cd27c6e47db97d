using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges;

/// <summary>By what usage is priced.</summary>
/// <param name="Card">With its factors in order.</param>
/// <param name="Plan">Of the customer; null: there is none.</param>
internal sealed record PricedBy(RateCard Card, Plan? Plan);
