using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.Payments.Sandbox;

/// <summary>Everything that the sandbox shows has Stripe's fields and types.</summary>
public sealed class SandboxShapesTests : IAsyncLifetime
{
    /// <summary>Fields that Stripe documents as appearing only sometimes, and so not in its samples.</summary>
    private static readonly string[] Sometimes = ["failure_reason", "failure_balance_transaction"];

    /// <summary>Fields of a sample that Stripe itself leaves out unless they are asked for.</summary>
    private static readonly string[] LeftOut = ["charge.refunds", "checkout.session.integration_identifier", "checkout.session.managed_payments", "payment_intent.managed_payments"];

    /// <summary>Objects whose members depend on the case.</summary>
    private static readonly string[] Open = ["metadata", "data", "last_payment_error", "next_action", "last_setup_error", "fraud_details"];

    private PaymentsHost host = null!;

    public async ValueTask InitializeAsync() => host = await PaymentsHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Every_object_has_the_fields_and_types_of_Stripes_samples()
    {
        var customer = Text(await host.PostAsync("customers", ("email", "a@example.com"), ("name", "Li Lei"), ("metadata[a]", "b")), "id");
        var session = await host.CreateSessionAsync(("customer", customer), ("payment_intent_data[setup_future_usage]", "off_session"));
        await host.PayAsync(Text(session, "id"), "4000000000009995");
        await host.PayAsync(Text(session, "id"), "4000000000000259");
        await host.CreateSessionAsync();
        await host.PostAsync("payment_intents", ("amount", "500"), ("currency", "cny"), ("confirm", "true"), ("payment_method", "pm_card_authenticationRequired"));
        var paid = await host.PostAsync("payment_intents", ("amount", "500"), ("currency", "cny"), ("confirm", "true"), ("payment_method", "pm_card_refundFail"));
        await host.PostAsync("refunds", ("payment_intent", Text(paid, "id")), ("amount", "100"));
        await host.PostAsync("setup_intents", ("customer", customer), ("confirm", "true"), ("payment_method", "pm_card_mastercard"));
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.DeliverAsync();

        foreach (var list in (string[])["customers", "checkout/sessions", "payment_intents", "setup_intents", "charges", "refunds", "disputes", "balance_transactions", $"payment_methods?customer={customer}", "events"])
        {
            var data = (await host.GetAsync(list))["data"]!.AsArray();
            Assert.NotEmpty(data);
            Assert.All(data, o => AssertShape(o!.AsObject()));
        }
        var events = (await host.GetAsync("events?limit=100"))["data"]!.AsArray();
        Assert.All(events, e => AssertShape(e!["data"]!["object"]!.AsObject()));
    }

    private static void AssertShape(JsonObject found)
    {
        var type = Text(found, "object");
        var known = StripeFields.Of(type);
        var wrong = Fields(found, "").Where(f => !Sometimes.Contains(f.Path) && !(known.TryGetValue(f.Path, out var kind) && Fits(kind, f.Value)))
            .Select(f => $"{f.Path} is {f.Value?.GetValueKind().ToString() ?? "null"}, at Stripe {known.GetValueOrDefault(f.Path) ?? "unknown"}");
        var missing = known.Keys.Where(k => !k.Contains('.', StringComparison.Ordinal) && !found.ContainsKey(k) && !LeftOut.Contains($"{type}.{k}")).Select(k => $"{k} is missing");

        Assert.True(!wrong.Concat(missing).Any(), $"{type}: {string.Join("; ", wrong.Concat(missing))}");
    }

    private static IEnumerable<(string Path, JsonNode? Value)> Fields(JsonObject of, string prefix)
    {
        foreach (var (name, value) in of)
        {
            yield return (prefix + name, value);
            if (value is not JsonObject inner || Open.Contains(name)) continue;
            foreach (var field in Fields(inner, prefix + name + ".")) yield return field;
        }
    }

    private static bool Fits(string kind, JsonNode? value) => value is null || kind == "any" || kind == value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => "number",
        JsonValueKind.String => "text",
        JsonValueKind.Array => "list",
        _ => "object",
    };

    private static string Text(JsonObject body, string name) => body[name]!.GetValue<string>();
}
