namespace Portal.Payments.Comparison;

/// <summary>An event that names a payment which nobody here knows.</summary>
/// <param name="Type">As the gateway names it, e.g. <c>refund.created</c>.</param>
/// <param name="WaitsUntil">For its payment; null: it was given up, being none of the portal's.</param>
public sealed record ForeignEvent(string Id, string Type, DateTimeOffset ReceivedAt, DateTimeOffset? WaitsUntil);
