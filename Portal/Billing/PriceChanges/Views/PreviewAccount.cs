namespace Portal.Billing.PriceChanges.Views;

/// <summary>An account that somebody with the address belongs to.</summary>
public sealed record PreviewAccount(Guid AccountId, string Name);
