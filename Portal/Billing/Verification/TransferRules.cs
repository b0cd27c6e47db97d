using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification;

/// <summary>Each transfer stays within one wallet and unit; a pending one is resolved at most once, by a row that fits it.</summary>
internal static class TransferRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await Accounts(db, cancel), .. await Amounts(db, cancel), .. await Resolutions(db, cancel), .. await ResolvedTwice(db, cancel)];

    private static async Task<IEnumerable<Finding>> Accounts(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers
            .Where(t => t.DebitId == t.CreditId || t.Debit.Unit != t.Credit.Unit || t.Debit.WalletId != t.WalletId || t.Credit.WalletId != t.WalletId)
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.Code, t.DebitId, t.CreditId }).ToListAsync(cancel);
        return wrong.Select(t => new Finding("transfer.accounts", $"Transfers {t.Id}", $"{t.Code} moves from account {t.DebitId} to {t.CreditId}, which are not two of its wallet and of one unit"));
    }

    private static async Task<IEnumerable<Finding>> Amounts(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers
            .Where(t => t.Amount < 0 || (t.Amount == 0 && t.Kind == TransferKind.Immediate)
                || (t.Amount != 0 && (t.Kind == TransferKind.Void || t.Kind == TransferKind.Expire)))
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.Kind, t.Amount }).ToListAsync(cancel);
        return wrong.Select(t => new Finding("transfer.amount", $"Transfers {t.Id}", $"no {t.Kind} can have the amount {t.Amount}"));
    }

    private static async Task<IEnumerable<Finding>> Resolutions(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers
            .Where(t => t.Kind > TransferKind.Pending && !db.Transfers.Any(p => p.Kind == TransferKind.Pending && p.HoldId == t.HoldId && p.Part == t.Part
                && p.DebitId == t.DebitId && p.CreditId == t.CreditId && p.Amount >= t.Amount))
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.Kind, t.HoldId, t.Part }).ToListAsync(cancel);
        return wrong.Select(t => new Finding("transfer.resolution", $"Transfers {t.Id}", $"the {t.Kind} fits no pending transfer {t.Part} of hold {t.HoldId?.ToString() ?? "none"}"));
    }

    private static async Task<IEnumerable<Finding>> ResolvedTwice(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers.Where(t => t.Kind > TransferKind.Pending).GroupBy(t => new { t.HoldId, t.Part })
            .Select(g => new { Last = g.Max(t => t.Id), Times = g.Count() }).Where(p => p.Times > 1).OrderBy(p => p.Last).ToListAsync(cancel);
        return wrong.Select(p => new Finding("transfer.resolved-twice", $"Transfers {p.Last}", $"what it resolves was resolved {p.Times} times"));
    }
}
