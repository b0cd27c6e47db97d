namespace Portal.Payments.Gateway.Objects;

/// <summary>An object of which only the name matters.</summary>
public sealed record GatewayIdentity(string Id);
