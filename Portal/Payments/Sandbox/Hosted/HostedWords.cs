using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Hosted;

/// <summary>Amounts and errors in the words of the page's language.</summary>
public sealed class HostedWords(IStringLocalizer<SandboxText> localizer)
{
    /// <summary>Cards to try, each with the resource that says what happens.</summary>
    public static IReadOnlyList<(string Number, string Key)> Examples { get; } =
    [
        ("4242 4242 4242 4242", "Card.Succeeds"),
        ("4000 0025 0000 3155", "Card.Authenticates"),
        ("4000 0000 0000 0002", "Card.Declined"),
        ("4000 0000 0000 9995", "Card.InsufficientFunds"),
        ("4000 0000 0000 0259", "Card.Disputed"),
    ];

    /// <summary>Of a checkout session (<c>amount_total</c>) or a payment intent (<c>amount</c>), from minor units.</summary>
    public string Amount(JsonObject about)
    {
        var minor = about.ContainsKey("amount_total") ? Json.Long(about, "amount_total") : Json.Long(about, "amount");
        var number = (minor / 100m).ToString("N2", CultureInfo.CurrentCulture);
        return Json.Text(about, "currency") is "cny" ? "¥" + number : Json.Text(about, "currency").ToUpperInvariant() + " " + number;
    }

    /// <summary>The most telling sentence there is: of the decline code, of the code, else Stripe's own.</summary>
    public string Error(StripeError error)
    {
        foreach (var code in (string?[])[error.DeclineCode, error.Code])
        {
            if (code is not null && localizer["Error." + code] is { ResourceNotFound: false } sentence) return sentence;
        }
        return error.Message;
    }
}
