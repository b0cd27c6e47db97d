using Microsoft.EntityFrameworkCore;
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
        return
        [
            .. findings,
            .. wrong.Select(s => new Finding(
                "postpaid.statement", $"PostpaidStatements {s.AccountId} {s.Month}", $"owes {s.OwedNanos} nanos of {s.BeforeNanos} before, {s.UsedNanos} used and {s.RepaidNanos} repaid; or it blocks what is not overdue")),
        ];
    }
}
