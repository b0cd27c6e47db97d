namespace Portal.Payments;

/// <summary>The section <c>Payments</c> of the configuration.</summary>
public sealed class PaymentOptions
{
    public const string Section = "Payments";

    /// <summary>The gateway's secret key, <c>sk_live_…</c> or <c>sk_test_…</c>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Signs the gateway's webhooks, <c>whsec_…</c>.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>The gateway's address, such as <c>https://api.stripe.com</c>. Empty: the sandbox inside this portal.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Lets Production run on the sandbox, where nobody pays real money.</summary>
    public bool AllowSandbox { get; set; }

    /// <summary>The least that one top-up may be, and that a card is charged for a renewal, in the currency's major unit: no less than the gateway takes.</summary>
    public decimal MinTopUp { get; set; } = 1;

    /// <summary>The most that one top-up may be, in the currency's major unit.</summary>
    public decimal MaxTopUp { get; set; } = 50_000;

    public bool UsesSandbox => string.IsNullOrWhiteSpace(BaseUrl);
}
