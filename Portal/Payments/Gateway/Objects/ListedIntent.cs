namespace Portal.Payments.Gateway.Objects;

/// <summary>A payment intent as lists have it, where its charge is an id.</summary>
/// <param name="AmountReceived">Minor units.</param>
public sealed record ListedIntent(string Id, string Status, long AmountReceived, string Currency, Dictionary<string, string>? Metadata = null);
