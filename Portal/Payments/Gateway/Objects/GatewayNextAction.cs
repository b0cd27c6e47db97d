namespace Portal.Payments.Gateway.Objects;

/// <param name="RedirectToUrl">Null when the bank asks in some other way.</param>
public sealed record GatewayNextAction(string Type, GatewayRedirect? RedirectToUrl = null);
