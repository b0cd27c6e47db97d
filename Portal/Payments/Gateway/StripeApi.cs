using System.Text.Json;

namespace Portal.Payments.Gateway;

/// <summary>What the gateway and the sandbox agree on, being what Stripe documents.</summary>
public static class StripeApi
{
    /// <summary>The version that the gateway pins in every request, so that Stripe's later changes do not reach it unasked.</summary>
    public const string Version = "2026-02-25.clover";

    /// <summary>The currency of every payment, as Stripe writes it.</summary>
    public const string Currency = "cny";

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // A field that is missing without a default is a change of the API, which must be seen and not be read as zero.
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };
}
