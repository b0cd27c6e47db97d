namespace Portal.Payments.Gateway.Objects;

/// <param name="Code">Such as <c>card_declined</c>.</param>
/// <param name="DeclineCode">Such as <c>insufficient_funds</c>.</param>
public sealed record GatewayPaymentError(string? Code = null, string? DeclineCode = null)
{
    /// <summary>The most telling of the two.</summary>
    public string Reason => DeclineCode ?? Code ?? "card_declined";
}
