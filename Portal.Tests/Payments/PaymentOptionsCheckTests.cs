using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Payments;

namespace Portal.Tests.Payments;

public sealed class PaymentOptionsCheckTests
{
    [Fact]
    public void Development_runs_on_the_sandbox_without_any_setting()
    {
        var options = Read("Development");

        Assert.True(options.UsesSandbox);
        Assert.StartsWith("sk_test_", options.ApiKey, StringComparison.Ordinal);
        Assert.StartsWith("whsec_", options.WebhookSecret, StringComparison.Ordinal);
    }

    [Fact]
    public void Production_refuses_the_sandbox_and_names_every_missing_key_at_once()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read("Production"));

        Assert.Contains("Payments:AllowSandbox", error.Message, StringComparison.Ordinal);
        Assert.Contains("Payments:ApiKey", error.Message, StringComparison.Ordinal);
        Assert.Contains("Payments:WebhookSecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Production_takes_the_sandbox_when_told_so_with_keys_of_its_own() =>
        Assert.True(Read("Production", ("AllowSandbox", "true"), ("ApiKey", "sk_test_own"), ("WebhookSecret", "whsec_own")).UsesSandbox);

    [Fact]
    public void Production_runs_on_Stripe() =>
        Assert.False(Read("Production", ("BaseUrl", "https://api.stripe.com"), ("ApiKey", "sk_live_1"), ("WebhookSecret", "whsec_1")).UsesSandbox);

    [Theory]
    [InlineData("BaseUrl", "api.stripe.com")]
    [InlineData("BaseUrl", "ftp://api.stripe.com")]
    [InlineData("MinTopUp", "0")]
    [InlineData("MinTopUp", "1.001")]
    [InlineData("MaxTopUp", "0.5")]
    [InlineData("MaxTopUp", "1000000")]
    public void A_wrong_value_is_named(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read("Development", ("ApiKey", "sk"), ("WebhookSecret", "whsec"), (key, value)));

        Assert.Contains($"Payments:{key}", error.Message, StringComparison.Ordinal);
    }

    private static PaymentOptions Read(string environment, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Payments:{s.Key}", (string?)s.Value)));
        builder.AddPayments();
        using var provider = builder.Services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PaymentOptions>>().Value;
    }
}
