using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges.Views;

/// <param name="Due">When the next period begins; null: the account has not this plan, and would begin it now.</param>
public sealed record PreviewedFee(Plan Plan, DateTimeOffset? Due, PriceStep Amount);
