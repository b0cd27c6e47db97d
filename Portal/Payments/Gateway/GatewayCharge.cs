namespace Portal.Payments.Gateway;

/// <param name="Amount">Minor units, as is <paramref name="AmountRefunded"/>.</param>
public sealed record GatewayCharge(
    string Id, long Amount, long AmountRefunded, string? PaymentIntent, bool Paid, bool Disputed, GatewayChargeDetails? PaymentMethodDetails)
{
    public string? CardBrand => PaymentMethodDetails?.Card?.Brand;

    public string? CardLast4 => PaymentMethodDetails?.Card?.Last4;
}
