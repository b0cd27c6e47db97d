using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Movements;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Payments;

/// <summary>The ledger and the gateway's side agree: a paid top-up is credited once, a refund is what its hold became.</summary>
internal static class PaymentRules
{
    /// <summary>Of the transfer that gives credit back when the bank sent a refund back.</summary>
    private const string ReturnedCode = "refund.returned";

    /// <param name="transfers">Those that concern the gateway.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, TransferRules transfers, DateTimeOffset? since, CancellationToken cancel)
    {
        var credits = transfers.Credits.ToLookup(t => t.Code == ReturnedCode);
        var returned = credits[true].GroupBy(t => Guid.TryParse(t.Reference, out var id) ? id : Guid.Empty).ToDictionary(g => g.Key, g => g.Sum(t => (decimal)t.Amount));
        return
        [
            .. await TopUps(db, credits[false], since, cancel), .. await Refunds(db, returned, since, cancel), .. await ReturnedCredit(db, returned, cancel),
            .. await PaidOut(db, transfers.PayOuts, cancel), .. await Refunded(db, cancel),
        ];
    }

    // A reference is text and a payment's id is the engine's own kind of id, so the two meet here and not in SQL.
    private static async Task<IEnumerable<Finding>> TopUps(PortalDb db, IEnumerable<TransferRow> credits, DateTimeOffset? since, CancellationToken cancel)
    {
        var payments = await db.Payments.Select(p => new { p.Id, p.AccountId, p.AmountNanos, p.Status, p.SucceededAt }).ToDictionaryAsync(p => p.Id, cancel);
        var findings = new List<Finding>();
        var credited = credits.ToLookup(c => Guid.TryParse(c.Reference, out var id) && payments.ContainsKey(id) ? id : Guid.Empty);
        findings.AddRange(credited[Guid.Empty].Select(c => new Finding("payment.unknown", $"Transfers {c.Id}", $"credits {c.Amount} nanos for '{c.Reference}', which is no payment")));
        foreach (var payment in payments.Values)
        {
            var own = credited[payment.Id].ToList();
            var fits = payment.Status == PaymentStatus.Succeeded && !(payment.SucceededAt < since)
                ? own is [var one] && one.Amount == payment.AmountNanos && one.WalletId == payment.AccountId
                : own.Count == 0;
            if (!fits)
            {
                findings.Add(new Finding(
                    "payment.credit", $"Payments {payment.Id}",
                    $"{payment.Status} with {payment.AmountNanos} nanos, credited {own.Count} times with {own.Sum(c => (decimal)c.Amount)} nanos"));
            }
        }

        var receipts = await db.Invoices.Where(i => i.Kind == InvoiceKind.TopUp && (since == null || i.IssuedAt >= since)).OrderBy(i => i.Number)
            .Select(i => new { i.Id, i.Number, i.AccountId, i.Reference, i.TotalNanos }).ToListAsync(cancel);
        findings.AddRange(receipts
            .Where(r => !(Guid.TryParse(r.Reference, out var id) && payments.TryGetValue(id, out var paid) && paid.Status == PaymentStatus.Succeeded
                && (paid.AccountId, paid.AmountNanos) == (r.AccountId, r.TotalNanos)))
            .Select(r => new Finding("payment.receipt", $"Invoices {r.Id}", $"{r.Number} says that {r.TotalNanos} nanos were paid with '{r.Reference}', which no payment of its account was")));
        return findings;
    }

    private static async Task<IEnumerable<Finding>> Refunds(PortalDb db, Dictionary<Guid, decimal> returned, DateTimeOffset? since, CancellationToken cancel)
    {
        var rows = db.Refunds.Where(r => r.PaymentId != null);
        rows = since is { } from ? rows.Where(r => r.CreatedAt >= from || r.ResolvedAt >= from) : rows;
        var wrong = await rows
            .Select(r => new
            {
                r.Id, r.AccountId, r.AmountNanos, r.Status, r.CreatedAt,
                State = db.Holds.Where(h => h.Id == r.Id && h.WalletId == r.AccountId).Select(h => (HoldState?)h.State).FirstOrDefault(),
                Held = db.Transfers.Where(t => t.HoldId == r.Id && t.Kind == TransferKind.Pending).Sum(t => t.Amount),
                Posted = db.Transfers.Where(t => t.HoldId == r.Id && t.Kind > TransferKind.Pending && t.Kind == TransferKind.Post && t.Code != TransferCodes.Prompt).Sum(t => t.Amount),
            })
            .Where(r => r.State == null || r.Held != r.AmountNanos
                || (r.Status == RefundStatus.Succeeded && (r.State != HoldState.Posted || r.Posted != r.AmountNanos))
                || ((r.Status == RefundStatus.Failed || r.Status == RefundStatus.Rejected) && r.State != HoldState.Voided)
                || ((r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown || r.Status == RefundStatus.AwaitingApproval) && r.State != HoldState.Open))
            .OrderBy(r => r.CreatedAt).ToListAsync(cancel);

        // A refund that the bank sent back was posted and then given back: its credit came home by a transfer of its own.
        wrong.RemoveAll(r => r.Status == RefundStatus.Failed && r.State == HoldState.Posted && returned.GetValueOrDefault(r.Id) == r.AmountNanos);
        return wrong.Select(r => new Finding("refund.hold", $"Refunds {r.Id}", $"{r.Status} with {r.AmountNanos} nanos; its hold is {r.State?.ToString() ?? "missing"} with {r.Held} held and {r.Posted} posted"));
    }

    private static async Task<IEnumerable<Finding>> ReturnedCredit(PortalDb db, Dictionary<Guid, decimal> returned, CancellationToken cancel)
    {
        var failed = (await db.Refunds.Where(r => r.Status == RefundStatus.Failed).Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
        return returned.Where(r => !failed.Contains(r.Key)).Select(r => new Finding("refund.returned", $"Refunds {r.Key}", $"{r.Value} nanos came back of a refund that did not fail"));
    }

    private static async Task<IEnumerable<Finding>> PaidOut(PortalDb db, List<TransferRow> payOuts, CancellationToken cancel)
    {
        var refunds = (await db.Refunds.Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
        return payOuts.Where(t => t.HoldId is not { } id || !refunds.Contains(id))
            .Select(t => new Finding("refund.unknown", $"Transfers {t.Id}", $"holds {t.Amount} nanos for a refund that does not exist"));
    }

    private static async Task<IEnumerable<Finding>> Refunded(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Payments
            .Select(p => new { p.Id, p.CreatedAt, p.AmountNanos, p.RefundedNanos, Sum = p.Refunds.Where(r => r.Status != RefundStatus.Failed && r.Status != RefundStatus.Rejected).Sum(r => r.AmountNanos) })
            .Where(p => p.RefundedNanos != p.Sum || p.RefundedNanos > p.AmountNanos).OrderBy(p => p.CreatedAt).ToListAsync(cancel);
        return wrong.Select(p => new Finding("payment.refunded", $"Payments {p.Id}", $"says {p.RefundedNanos} of {p.AmountNanos} nanos refunded, its refunds say {p.Sum}"));
    }
}
