namespace Portal.Payments.Gateway.Objects;

/// <param name="Card">Null when something other than a card paid.</param>
public sealed record GatewayChargeDetails(GatewayCard? Card = null);
