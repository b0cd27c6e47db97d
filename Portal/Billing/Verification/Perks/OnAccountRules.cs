using Microsoft.EntityFrameworkCore;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Perks;

/// <summary>What was owed on account is repaid out of the top-up that says so, and statements follow from one another.</summary>
internal static class OnAccountRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, IEnumerable<PerkTransfer> perks, CancellationToken cancel)
    {
        var repaid = perks.Where(p => p.Row.Code == TransferCodes.Repaid).ToList();
        var payments = repaid.Count == 0
            ? []
            : await db.Payments.Where(p => p.Status == PaymentStatus.Succeeded).Select(p => new { p.Id, p.AccountId, p.AmountNanos }).ToDictionaryAsync(p => p.Id, cancel);
        var findings = repaid.GroupBy(p => p.Row.Reference).Where(g => !(g.ToList() is [{ Debit: LedgerCodes.CreditPurchased, Credit: LedgerCodes.Postpaid } one]
                && Guid.TryParse(g.Key, out var id) && payments.TryGetValue(id, out var payment) && payment.AccountId == one.Row.WalletId && one.Row.Amount <= payment.AmountNanos))
            .Select(g => new Finding("postpaid.repaid", $"Transfers {g.First().Row.Id}", $"repays {g.Sum(p => (decimal)p.Row.Amount)} nanos with '{g.Key}', which is no top-up of as much, or did so before")).ToList();
        var wrong = await db.PostpaidStatements
            .Where(s => s.OwedNanos != s.BeforeNanos + s.UsedNanos - s.RepaidNanos || s.OwedNanos < 0 || (s.OverdueAt != null && s.OverdueAt < s.DueAt)
                || (s.BlockedLimitNanos != null && (s.OverdueAt == null || s.PaidAt != null)))
            .OrderBy(s => s.IssuedAt).ToListAsync(cancel);
        var documents = await db.PostpaidStatements.Select(s => new { s.AccountId, s.Month, s.OwedNanos, Paid = s.PaidAt != null, s.Invoice }).ToListAsync(cancel);
        var unlike = documents.Where(s => s.OwedNanos <= 0 ? s.Invoice is not null
            : s.Invoice is not { Kind: InvoiceKind.Statement } i || i.AccountId != s.AccountId || i.TotalNanos != StatementDraft.Asked(s.OwedNanos)
                || i.Status != (s.Paid ? InvoiceStatus.Paid : InvoiceStatus.Open));
        var strays = await db.Invoices.Where(i => i.Kind == InvoiceKind.Statement && !db.PostpaidStatements.Any(s => s.InvoiceId == i.Id)).Select(i => new { i.Id, i.Number }).ToListAsync(cancel);
        return
        [
            .. findings,
            .. unlike.Select(s => new Finding("postpaid.document", $"PostpaidStatements {s.AccountId} {s.Month}", $"owes {s.OwedNanos} nanos, its document says {s.Invoice?.TotalNanos} and is {s.Invoice?.Status}")),
            .. strays.Select(i => new Finding("postpaid.document", $"Invoices {i.Id}", $"{i.Number} is of no statement")),
            .. wrong.Select(s => new Finding(
                "postpaid.statement", $"PostpaidStatements {s.AccountId} {s.Month}", $"owes {s.OwedNanos} nanos of {s.BeforeNanos} before, {s.UsedNanos} used and {s.RepaidNanos} repaid; or it blocks what is not overdue")),
        ];
    }
}
