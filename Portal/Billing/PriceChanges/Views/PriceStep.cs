using Portal.Data;

namespace Portal.Billing.PriceChanges.Views;

/// <summary>The same thing at the prices of now and at those of a draft.</summary>
public readonly record struct PriceStep(Money Today, Money Draft);
