using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification;

/// <summary>What an account keeps is what its transfers say.</summary>
internal static class AccountRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await Balances(db, cancel), .. await Holds(db, cancel), .. await Floors(db, cancel), .. await Sums(db, cancel)];

    private static async Task<IEnumerable<Finding>> Balances(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.LedgerAccounts
            .Select(a => new
            {
                a.Id, a.Code, a.Unit, a.Balance,
                Moved = db.Transfers.Where(t => t.CreditId == a.Id && t.Kind != TransferKind.Pending).Sum(t => t.Amount)
                    - db.Transfers.Where(t => t.DebitId == a.Id && t.Kind != TransferKind.Pending).Sum(t => t.Amount),
            })
            .Where(a => a.Balance != a.Moved).OrderBy(a => a.Id).ToListAsync(cancel);
        return wrong.Select(a => new Finding("account.balance", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} keeps {a.Balance}, its transfers say {a.Moved}"));
    }

    private static async Task<IEnumerable<Finding>> Holds(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.LedgerAccounts
            .Select(a => new
            {
                a.Id, a.Code, a.Unit, a.Held,
                Pending = db.Transfers.Where(t => t.DebitId == a.Id && t.Kind == TransferKind.Pending && !db.Transfers.Any(r => r.HoldId == t.HoldId && r.Part == t.Part && r.Kind > TransferKind.Pending)).Sum(t => t.Amount),
            })
            .Where(a => a.Held != a.Pending).OrderBy(a => a.Id).ToListAsync(cancel);
        return wrong.Select(a => new Finding("account.held", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} holds {a.Held}, its unresolved transfers say {a.Pending}"));
    }

    private static async Task<IEnumerable<Finding>> Floors(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.LedgerAccounts.Where(a => a.Floor != null && a.Balance - a.Held < a.Floor).OrderBy(a => a.Id)
            .Select(a => new { a.Id, a.Code, a.Unit, a.Balance, a.Held, a.Floor }).ToListAsync(cancel);
        return wrong.Select(a => new Finding("account.floor", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} has {a.Balance} less {a.Held} held, its floor is {a.Floor}"));
    }

    private static async Task<IEnumerable<Finding>> Sums(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.LedgerAccounts.GroupBy(a => new { a.WalletId, a.Unit })
            .Select(g => new { g.Key.WalletId, g.Key.Unit, Sum = g.Sum(a => a.Balance) })
            .Where(w => w.Sum != 0).OrderBy(w => w.WalletId).ToListAsync(cancel);
        return wrong.Select(w => new Finding("wallet.sum", $"Accounts {w.WalletId}", $"its {w.Unit} accounts add up to {w.Sum}, not to zero"));
    }
}
