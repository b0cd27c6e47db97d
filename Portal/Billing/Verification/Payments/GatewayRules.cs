using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Payments;

/// <summary>What the gateway said is paid is a payment that succeeded, with the gateway's amount; an account with saved cards has exactly one that is charged.</summary>
internal static class GatewayRules
{
    private static readonly string[] Types = ["checkout.session.completed", "checkout.session.async_payment_succeeded", "payment_intent.succeeded"];

    /// <param name="since">Events of before are left out; null: none is.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, DateTimeOffset? since, CancellationToken cancel)
    {
        var payments = await db.Payments.Select(p => new { p.Id, p.SessionId, p.PaymentIntentId, p.AmountNanos, p.Status }).ToListAsync(cancel);
        var named = payments.Where(p => p.SessionId is not null).ToDictionary(p => p.SessionId!);
        foreach (var payment in payments.Where(p => p.PaymentIntentId is not null))
        {
            named[payment.PaymentIntentId!] = payment;
        }

        var findings = new List<Finding>();
        var events = db.WebhookEvents.Where(e => e.ProcessedAt != null && Types.Contains(e.Type));
        events = since is { } from ? events.Where(e => e.ReceivedAt >= from) : events;
        await foreach (var e in events.Select(e => new { e.Id, e.Type, e.Body }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            // An object that no payment names is another one's business at the same gateway.
            if (Paid(e.Body) is var (name, minor) && named.TryGetValue(name, out var payment)
                && (payment.Status != PaymentStatus.Succeeded || payment.AmountNanos != Money.FromMinorUnits(minor).Nanos))
            {
                findings.Add(new Finding(
                    "payment.event", $"Payments {payment.Id}", $"{payment.Status} with {payment.AmountNanos} nanos; the gateway's {e.Type} {e.Id} says that {minor} minor units were paid"));
            }
        }

        var cards = await db.SavedCards.GroupBy(c => c.AccountId)
            .Select(g => new { Account = g.Key, Kept = g.Count(c => c.RemovedAt == null), Charged = g.Count(c => c.RemovedAt == null && c.IsDefault), Gone = g.Count(c => c.RemovedAt != null && c.IsDefault) })
            .Where(c => c.Gone > 0 || c.Charged != (c.Kept > 0 ? 1 : 0)).ToListAsync(cancel);
        return [.. findings, .. cards.Select(c => new Finding("card.default", $"SavedCards {c.Account}", $"{c.Kept} cards, of which {c.Charged} are charged; {c.Gone} that were removed are"))];
    }

    /// <summary>The session or intent that an event says is paid, and its minor units.</summary>
    private static (string Id, long Minor)? Paid(string body)
    {
        using var json = JsonDocument.Parse(body);
        if (!json.RootElement.TryGetProperty("data", out var data) || !data.TryGetProperty("object", out var about) || !about.TryGetProperty("id", out var id))
        {
            return null;
        }

        JsonElement amount = default;
        var paid = about.TryGetProperty("payment_status", out var status)
            ? status.ValueEquals("paid") && about.TryGetProperty("amount_total", out amount)
            : about.TryGetProperty("amount_received", out amount);
        return paid && amount.ValueKind == JsonValueKind.Number ? (id.GetString()!, amount.GetInt64()) : null;
    }
}
