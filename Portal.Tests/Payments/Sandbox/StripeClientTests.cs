using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Sandbox;

/// <summary>Stripe's official client for Node is content with the sandbox, and its signatures with the portal.</summary>
public sealed class StripeClientTests
{
    [Fact]
    public async Task The_official_client_pays_refunds_lists_and_understands_every_error()
    {
        await using var host = await PaymentsHost.StartAsync();

        var seen = JsonNode.Parse(await RunAsync(host))!.AsObject();

        string Text(string name) => seen[name]!.ToString();
        Assert.Equal("complete paid 2100 2100", Text("paid"));
        Assert.Equal(("4242", "succeeded"), (Text("card"), Text("later")));
        Assert.Equal(("true", "1"), (Text("replayed"), Text("refunds")));
        Assert.Equal(("open setup", "complete succeeded 4444"), (Text("setup"), Text("saved")));
        Assert.Equal("StripeCardError authentication_required authentication_required 402", Text("mustConfirm"));
        Assert.Equal($"requires_action {host.Address}sandbox/authenticate/", Text("bank"));
        Assert.Equal("StripeCardError card_declined insufficient_funds 402", Text("declined"));
        Assert.Equal("StripeInvalidRequestError amount_too_large amount 400", Text("tooLarge"));
        Assert.Equal("StripeInvalidRequestError parameter_unknown colour 400", Text("unknown"));
        Assert.Equal("StripeInvalidRequestError resource_missing intent 404", Text("missing"));
        Assert.Equal("StripeIdempotencyError 400", Text("otherBody"));
        Assert.Equal("StripeAuthenticationError 401", Text("wrongKey"));
        Assert.Equal(("true", "200"), (Text("verified"), Text("told")));
        Assert.Equal(
            [
                "charge.failed", "charge.refunded", "charge.succeeded", "checkout.session.completed", "customer.created", "payment_intent.created", "payment_intent.payment_failed",
                "payment_intent.requires_action", "payment_intent.succeeded", "payment_method.attached", "refund.created", "setup_intent.succeeded",
            ],
            seen["events"]!.AsArray().Select(type => type!.GetValue<string>()));
    }

    private static async Task<string> RunAsync(PaymentsHost host)
    {
        var script = Path.Combine(RepositoryFolder.Root, "Portal.Tests", "Payments", "Sandbox", "stripe-client.mjs");
        string[] arguments = [script, host.Address.ToString(), PaymentsHost.ApiKey, PaymentsHost.WebhookSecret, $"{host.Time.GetUtcNow().ToUnixTimeSeconds()}"];
        var info = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(info)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await errors);
        return await output;
    }
}
