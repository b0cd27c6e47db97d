using Microsoft.Extensions.Options;

namespace Portal.Payments;

/// <summary>Names every wrong key of the section at once. In Development the sandbox needs no keys: fixed ones are filled in.</summary>
internal sealed class PaymentOptionsCheck(IHostEnvironment environment) : IPostConfigureOptions<PaymentOptions>, IValidateOptions<PaymentOptions>
{
    /// <summary>Stripe takes at most eight digits of minor units.</summary>
    private const decimal GatewayMax = 999_999.99m;

    public void PostConfigure(string? name, PaymentOptions options)
    {
        // Elsewhere a published secret would let anybody forge a payment.
        if (!options.UsesSandbox || !environment.IsDevelopment()) return;
        if (options.ApiKey.Length == 0) options.ApiKey = "sk_test_portalsandboxindevelopment";
        if (options.WebhookSecret.Length == 0) options.WebhookSecret = "whsec_portalsandboxindevelopment";
    }

    public ValidateOptionsResult Validate(string? name, PaymentOptions options)
    {
        var wrong = new List<string>();
        if (options.UsesSandbox && environment.IsProduction() && !options.AllowSandbox)
            wrong.Add("Payments:BaseUrl is empty, so payments would go to the built-in sandbox, where nobody pays. "
                + "Set it to https://api.stripe.com, or set Payments:AllowSandbox to true if that is what you want.");
        if (!options.UsesSandbox && !(Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
            wrong.Add("Payments:BaseUrl must be an absolute http or https address, such as https://api.stripe.com.");
        if (options.ApiKey.Length == 0) wrong.Add("Payments:ApiKey is missing: the gateway's secret key.");
        if (options.WebhookSecret.Length == 0) wrong.Add("Payments:WebhookSecret is missing: the secret that signs the gateway's webhooks.");
        if (options.MinTopUp <= 0 || decimal.Round(options.MinTopUp, 2) != options.MinTopUp)
            wrong.Add("Payments:MinTopUp must be above zero with at most two decimals.");
        if (options.MaxTopUp < options.MinTopUp || options.MaxTopUp > GatewayMax || decimal.Round(options.MaxTopUp, 2) != options.MaxTopUp)
            wrong.Add("Payments:MaxTopUp must be from Payments:MinTopUp to 999999.99 with at most two decimals.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
