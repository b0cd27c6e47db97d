namespace Portal.Payments.Gateway;

/// <param name="Card">Null when something other than a card paid.</param>
public sealed record GatewayChargeDetails(GatewayCard? Card = null);
