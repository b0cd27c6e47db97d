namespace Portal.Payments.Gateway.Objects;

/// <summary>A charge, of which the portal reads which card paid.</summary>
public sealed record GatewayCharge(string Id, GatewayChargeDetails? PaymentMethodDetails = null)
{
    public string? CardBrand => PaymentMethodDetails?.Card?.Brand;

    public string? CardLast4 => PaymentMethodDetails?.Card?.Last4;
}
