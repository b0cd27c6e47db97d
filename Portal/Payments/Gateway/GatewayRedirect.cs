namespace Portal.Payments.Gateway;

/// <param name="Url">Where the card holder confirms.</param>
public sealed record GatewayRedirect(string Url);
