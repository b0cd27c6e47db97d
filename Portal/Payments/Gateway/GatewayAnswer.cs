namespace Portal.Payments.Gateway;

/// <summary>What came of a request to the gateway. Closed: these four and no others.</summary>
public abstract record GatewayAnswer<T>
{
    private GatewayAnswer()
    {
    }

    public sealed record Done(T Value) : GatewayAnswer<T>;

    /// <summary>The card was declined; nothing was charged.</summary>
    /// <param name="Code">Stripe's error code, such as <c>card_declined</c>.</param>
    /// <param name="DeclineCode">The bank's reason, such as <c>insufficient_funds</c>; not always given.</param>
    /// <param name="IntentId">The payment intent that was declined; null when the gateway names none.</param>
    public sealed record Declined(string Code, string? DeclineCode, string Message, string? IntentId = null) : GatewayAnswer<T>;

    /// <summary>The gateway did not accept the request; it had no effect. An unknown id, an amount out of range.</summary>
    public sealed record Refused(int Status, string Code, string Message, string RequestId) : GatewayAnswer<T>;

    /// <summary>No answer that says what happened, or none but that the portal's key is wrong: the request, or an earlier try of it, may or may not have had its effect.</summary>
    public sealed record Unknown(string Reason) : GatewayAnswer<T>;
}
