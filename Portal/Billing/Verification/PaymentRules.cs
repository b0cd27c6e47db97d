using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification;

/// <summary>The ledger and the gateway's side agree: a paid top-up is credited once, a refund is what its hold became.</summary>
internal static class PaymentRules
{
    /// <summary>Of the transfer that gives credit back when the bank sent a refund back.</summary>
    private const string ReturnedCode = "refund.returned";

    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await TopUps(db, cancel), .. await Refunds(db, cancel), .. await ReturnedCredit(db, cancel), .. await RefundHolds(db, cancel), .. await Refunded(db, cancel)];

    // A reference is text and a payment's id is the engine's own kind of id, so the two meet here and not in SQL.
    private static async Task<IEnumerable<Finding>> TopUps(PortalDb db, CancellationToken cancel)
    {
        var credits = await db.Transfers
            .Where(t => t.Kind == TransferKind.Immediate && t.Debit.Code == LedgerCodes.Clearing && t.Credit.Code == LedgerCodes.CreditPurchased && t.Code != ReturnedCode)
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
                Posted = db.Transfers.Where(t => t.HoldId == r.Id && t.Kind > TransferKind.Pending && t.Kind == TransferKind.Post).Sum(t => t.Amount),
            })
            .Where(r => r.State == null || r.Held != r.AmountNanos
                || (r.Status == RefundStatus.Succeeded && (r.State != HoldState.Posted || r.Posted != r.AmountNanos))
                || (r.Status == RefundStatus.Failed && r.State != HoldState.Voided)
                || ((r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown) && r.State != HoldState.Open))
            .OrderBy(r => r.CreatedAt).ToListAsync(cancel);

        // A refund that the bank sent back was posted and then given back: its credit came home by a transfer of its own.
        var returned = await Returned(db, cancel);
        wrong.RemoveAll(r => r.Status == RefundStatus.Failed && r.State == HoldState.Posted && returned.GetValueOrDefault(r.Id) == r.AmountNanos);
        return wrong.Select(r => new Finding("refund.hold", $"Refunds {r.Id}", $"{r.Status} with {r.AmountNanos} nanos; its hold is {r.State?.ToString() ?? "missing"} with {r.Held} held and {r.Posted} posted"));
    }

    private static async Task<Dictionary<Guid, long>> Returned(PortalDb db, CancellationToken cancel)
    {
        var transfers = await db.Transfers.Where(t => t.Code == ReturnedCode).Select(t => new { t.Reference, t.Amount }).ToListAsync(cancel);
        return transfers.GroupBy(t => Guid.Parse(t.Reference)).ToDictionary(g => g.Key, g => g.Sum(t => t.Amount));
    }

    private static async Task<IEnumerable<Finding>> ReturnedCredit(PortalDb db, CancellationToken cancel)
    {
        var returned = await Returned(db, cancel);
        var failed = await db.Refunds.Where(r => r.Status == RefundStatus.Failed && returned.Keys.Contains(r.Id)).Select(r => r.Id).ToListAsync(cancel);
        return returned.Where(r => !failed.Contains(r.Key)).Select(r => new Finding("refund.returned", $"Refunds {r.Key}", $"{r.Value} nanos came back of a refund that did not fail"));
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
