namespace Portal.Billing.PriceChanges.Views;

/// <param name="Prompts">That were priced.</param>
/// <param name="Unpriced">That one of the two has no rate for.</param>
public sealed record PreviewedUsage(int Days, int Prompts, int Unpriced, PriceStep Amount);
