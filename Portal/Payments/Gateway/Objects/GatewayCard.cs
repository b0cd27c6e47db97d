namespace Portal.Payments.Gateway.Objects;

/// <param name="ExpYear">Four digits.</param>
public sealed record GatewayCard(string? Brand = null, string? Last4 = null, int ExpMonth = 0, int ExpYear = 0, string? Fingerprint = null);
