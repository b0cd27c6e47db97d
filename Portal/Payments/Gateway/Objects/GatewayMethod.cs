namespace Portal.Payments.Gateway.Objects;

/// <summary>A payment method, as far as the portal reads it.</summary>
/// <param name="Created">Unix seconds.</param>
/// <param name="Customer">Whose it is; null once it was detached.</param>
/// <param name="Card">Null when it is something other than a card.</param>
public sealed record GatewayMethod(string Id, long Created, string? Customer = null, GatewayCard? Card = null);
