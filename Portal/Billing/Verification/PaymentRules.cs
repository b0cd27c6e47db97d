using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification;

/// <summary>The ledger and the gateway's side agree: a paid top-up is credited once, a refund is what its hold became.</summary>
internal static class PaymentRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await TopUps(db, cancel), .. await Refunds(db, cancel), .. await RefundHolds(db, cancel), .. await Refunded(db, cancel)];

    // A reference is text and a payment's id is the engine's own kind of id, so the two meet here and not in SQL.
    private static async Task<IEnumerable<Finding>> TopUps(PortalDb db, CancellationToken cancel)
    {
        var credits = await db.Transfers
            .Where(t => t.Kind == TransferKind.Immediate && t.Debit.Code == LedgerCodes.Clearing && t.Credit.Code == LedgerCodes.CreditPurchased)
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.WalletId, t.Reference, t.Amount }).ToListAsync(cancel);
        var payments = await db.Payments.Select(p => new { p.Id, p.AccountId, p.AmountNanos, p.Status }).ToDictionaryAsync(p => p.Id, cancel);
        var findings = new List<Finding>();
        var credited = credits.ToLookup(c => Guid.TryParse(c.Reference, out var id) && payments.ContainsKey(id) ? id : Guid.Empty);
        findings.AddRange(credited[Guid.Empty].Select(c => new Finding("payment.unknown", $"Transfers {c.Id}", $"credits {c.Amount} nanos for '{c.Reference}', which is no payment")));
        foreach (var payment in payments.Values)
        {
            var own = credited[payment.Id].ToList();
            var fits = payment.Status == PaymentStatus.Succeeded
                ? own is [var one] && one.Amount == payment.AmountNanos && one.WalletId == payment.AccountId
                : own.Count == 0;
            if (!fits)
            {
                findings.Add(new Finding(
                    "payment.credit", $"Payments {payment.Id}",
                    $"{payment.Status} with {payment.AmountNanos} nanos, credited {own.Count} times with {own.Sum(c => (decimal)c.Amount)} nanos"));
            }
        }

        return findings;
    }

    private static async Task<IEnumerable<Finding>> Refunds(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Refunds
            .Select(r => new
            {
                r.Id, r.AccountId, r.AmountNanos, r.Status, r.CreatedAt,
                State = db.Holds.Where(h => h.Id == r.Id && h.WalletId == r.AccountId).Select(h => (HoldState?)h.State).FirstOrDefault(),
                Held = db.Transfers.Where(t => t.HoldId == r.Id && t.Kind == TransferKind.Pending).Sum(t => t.Amount),
                Posted = db.Transfers.Where(t => t.HoldId == r.Id && t.Kind == TransferKind.Post).Sum(t => t.Amount),
            })
            .Where(r => r.State == null || r.Held != r.AmountNanos
                || (r.Status == RefundStatus.Succeeded && (r.State != HoldState.Posted || r.Posted != r.AmountNanos))
                || (r.Status == RefundStatus.Failed && r.State != HoldState.Voided)
                || ((r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown) && r.State != HoldState.Open))
            .OrderBy(r => r.CreatedAt).ToListAsync(cancel);
        return wrong.Select(r => new Finding("refund.hold", $"Refunds {r.Id}", $"{r.Status} with {r.AmountNanos} nanos; its hold is {r.State?.ToString() ?? "missing"} with {r.Held} held and {r.Posted} posted"));
    }

    private static async Task<IEnumerable<Finding>> RefundHolds(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers
            .Where(t => t.Kind == TransferKind.Pending && t.Debit.Code == LedgerCodes.CreditPurchased && t.Credit.Code == LedgerCodes.Clearing
                && !db.Refunds.Any(r => r.Id == t.HoldId))
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.Amount }).ToListAsync(cancel);
        return wrong.Select(t => new Finding("refund.unknown", $"Transfers {t.Id}", $"holds {t.Amount} nanos for a refund that does not exist"));
    }

    private static async Task<IEnumerable<Finding>> Refunded(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Payments
            .Select(p => new { p.Id, p.CreatedAt, p.AmountNanos, p.RefundedNanos, Sum = p.Refunds.Where(r => r.Status != RefundStatus.Failed).Sum(r => r.AmountNanos) })
            .Where(p => p.RefundedNanos != p.Sum || p.RefundedNanos > p.AmountNanos).OrderBy(p => p.CreatedAt).ToListAsync(cancel);
        return wrong.Select(p => new Finding("payment.refunded", $"Payments {p.Id}", $"says {p.RefundedNanos} of {p.AmountNanos} nanos refunded, its refunds say {p.Sum}"));
    }

}
