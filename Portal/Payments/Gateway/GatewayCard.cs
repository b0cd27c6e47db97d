namespace Portal.Payments.Gateway;

public sealed record GatewayCard(string? Brand, string? Last4);
