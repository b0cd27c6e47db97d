namespace Portal.Payments.Gateway.Objects;

/// <param name="Url">Where the card holder confirms.</param>
public sealed record GatewayRedirect(string Url);
