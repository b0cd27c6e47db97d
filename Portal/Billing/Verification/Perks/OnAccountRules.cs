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
        var statements = await db.PostpaidStatements.Include(s => s.Invoice).OrderBy(s => s.AccountId).ThenBy(s => s.Month).ToListAsync(cancel);
        var wrong = statements.Where(s => s.OwedNanos != s.BeforeNanos + s.UsedNanos - s.RepaidNanos || s.OwedNanos < 0 || s.OverdueAt < s.DueAt
            || (s.BlockedLimitNanos is not null && (s.OverdueAt is null || s.PaidAt is not null)));
        var unlike = statements.Where(s => s.OwedNanos <= 0 ? s.Invoice is not null
            : s.Invoice is not { Kind: InvoiceKind.Statement } i || i.AccountId != s.AccountId || i.TotalNanos != StatementDraft.Asked(s.OwedNanos)
                || i.Status != (s.PaidAt is null ? InvoiceStatus.Open : InvoiceStatus.Paid));
        var strays = await db.Invoices.Where(i => i.Kind == InvoiceKind.Statement && !db.PostpaidStatements.Any(s => s.InvoiceId == i.Id)).Select(i => new { i.Id, i.Number }).ToListAsync(cancel);
        return
        [
            .. findings,
            .. unlike.Select(s => new Finding("postpaid.document", $"PostpaidStatements {s.AccountId} {s.Month}", $"owes {s.OwedNanos} nanos, its document says {s.Invoice?.TotalNanos} and is {s.Invoice?.Status}")),
            .. await Uncredited(db, statements, cancel),
            .. strays.Select(i => new Finding("postpaid.document", $"Invoices {i.Id}", $"{i.Number} is of no statement")),
            .. wrong.Select(s => new Finding(
                "postpaid.statement", $"PostpaidStatements {s.AccountId} {s.Month}", $"owes {s.OwedNanos} nanos of {s.BeforeNanos} before, {s.UsedNanos} used and {s.RepaidNanos} repaid; or it blocks what is not overdue")),
        ];
    }

    /// <summary>What was credited between two statements is on the later, and one is paid when as much as it asks for was credited since.</summary>
    private static async Task<IEnumerable<Finding>> Uncredited(PortalDb db, List<PostpaidStatement> statements, CancellationToken cancel)
    {
        var rows = statements.Count == 0 ? [] : await OpenStatements.Credits(db).Where(t => db.PostpaidStatements.Any(s => s.AccountId == t.WalletId))
            .Select(t => new { t.WalletId, t.Id, t.Amount }).ToListAsync(cancel);
        var credits = rows.ToLookup(t => t.WalletId);
        var findings = new List<Finding>();
        foreach (var (before, s) in statements.Prepend(null).Zip(statements))
        {
            var later = credits[s.AccountId].Where(t => t.Id > s.LastTransferId).Sum(t => t.Amount);
            var between = before?.AccountId == s.AccountId ? credits[s.AccountId].Where(t => t.Id > before.LastTransferId && t.Id <= s.LastTransferId).Sum(t => t.Amount) : 0;
            if (between != s.RepaidNanos || (s.PaidAt is null && later >= s.OwedNanos) || (s.PaidAt is not null && later < s.OwedNanos))
            {
                findings.Add(new Finding(
                    "postpaid.credited", $"PostpaidStatements {s.AccountId} {s.Month}",
                    $"says {s.RepaidNanos} nanos were repaid where {between} were credited; of {s.OwedNanos} that it asks for {later} were credited since, and it is {(s.PaidAt is null ? "open" : "paid")}"));
            }
        }

        return findings;
    }
}
