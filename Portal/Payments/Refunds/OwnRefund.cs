using Portal.Data;

namespace Portal.Payments.Refunds;

/// <summary>What a customer can refund of a payment alone.</summary>
/// <param name="WhyNot">Why nothing; null when <paramref name="Amount"/> can.</param>
public sealed record OwnRefund(Money Amount, Refusal? WhyNot);
