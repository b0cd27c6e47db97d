namespace Portal.Payments.Gateway;

public sealed record GatewayCard(string? Brand = null, string? Last4 = null);
