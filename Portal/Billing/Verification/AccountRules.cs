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
        var moved = db.Transfers.Where(t => t.Kind != TransferKind.Pending);
        var credited = await moved.GroupBy(t => t.CreditId).Select(g => new { g.Key, Sum = g.Sum(t => t.Amount) }).ToDictionaryAsync(s => s.Key, s => s.Sum, cancel);
        var debited = await moved.GroupBy(t => t.DebitId).Select(g => new { g.Key, Sum = g.Sum(t => t.Amount) }).ToDictionaryAsync(s => s.Key, s => s.Sum, cancel);
        var findings = new List<Finding>();
        await foreach (var a in db.LedgerAccounts.OrderBy(a => a.Id).Select(a => new { a.Id, a.Code, a.Unit, a.Balance }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (credited.GetValueOrDefault(a.Id) - debited.GetValueOrDefault(a.Id) is var said && said != a.Balance)
            {
                findings.Add(new Finding("account.balance", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} keeps {a.Balance}, its transfers say {said}"));
            }
        }

        return findings;
    }

    private static async Task<IEnumerable<Finding>> Holds(PortalDb db, CancellationToken cancel)
    {
        var pending = await db.Transfers
            .Where(t => t.Kind == TransferKind.Pending && !db.Transfers.Any(r => r.HoldId == t.HoldId && r.Part == t.Part && r.Kind > TransferKind.Pending))
            .GroupBy(t => t.DebitId).Select(g => new { g.Key, Sum = g.Sum(t => t.Amount) }).ToDictionaryAsync(s => s.Key, s => s.Sum, cancel);
        var findings = new List<Finding>();
        await foreach (var a in db.LedgerAccounts.OrderBy(a => a.Id).Select(a => new { a.Id, a.Code, a.Unit, a.Held }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (pending.GetValueOrDefault(a.Id) is var said && said != a.Held)
            {
                findings.Add(new Finding("account.held", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} holds {a.Held}, its unresolved transfers say {said}"));
            }
        }

        return findings;
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
