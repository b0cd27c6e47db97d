using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>What seats were given in quota. What is missing from it in their accounts was used: so nobody has to add up their prompts.</summary>
public static class SeatGrants
{
    /// <summary>Given less taken back, of what has not expired, by seat and unit.</summary>
    /// <param name="seat">Null: every seat of the wallet.</param>
    public static async Task<IReadOnlyDictionary<(Guid Seat, Unit Unit), long>> Read(
        PortalDb db, Guid walletId, Guid? seat, DateTimeOffset now, CancellationToken cancel = default)
    {
        var before = await Before(db, walletId, now, cancel);
        var moves = BookedTransfer.History(db, walletId).Where(t => t.Transfer.Code != TransferCodes.PlanExtended);
        var given = await moves.Where(t => t.Credit.Code == LedgerCodes.Seat && (t.Credit.ExpiresAt == null || t.Credit.ExpiresAt > now || before.Contains(t.Credit.Id)))
            .Where(t => seat == null || t.Credit.SubjectId == seat)
            .GroupBy(t => new { t.Credit.SubjectId, t.Credit.Unit }).Select(g => new { g.Key.SubjectId, g.Key.Unit, Sum = g.Sum(t => t.Transfer.Amount) }).ToListAsync(cancel);
        var taken = await moves.Where(t => t.Debit.Code == LedgerCodes.Seat && (t.Debit.ExpiresAt == null || t.Debit.ExpiresAt > now || before.Contains(t.Debit.Id)))
            .Where(t => seat == null || t.Debit.SubjectId == seat)
            .GroupBy(t => new { t.Debit.SubjectId, t.Debit.Unit }).Select(g => new { g.Key.SubjectId, g.Key.Unit, Sum = -g.Sum(t => t.Transfer.Amount) }).ToListAsync(cancel);
        return given.Concat(taken).GroupBy(m => (m.SubjectId!.Value, m.Unit)).ToDictionary(g => g.Key, g => g.Sum(m => m.Sum));
    }

    /// <summary>Accounts whose period was given more days: what was given there goes on in one that has not expired.</summary>
    private static async Task<HashSet<long>> Before(PortalDb db, Guid walletId, DateTimeOffset now, CancellationToken cancel)
    {
        var before = new HashSet<long>();
        var moves = BookedTransfer.History(db, walletId).Where(t => t.Transfer.Code == TransferCodes.PlanExtended && t.Debit.Code == LedgerCodes.Seat)
            .OrderByDescending(t => t.Transfer.Id).Select(t => new { From = t.Debit.Id, To = t.Credit.Id, t.Credit.ExpiresAt });
        foreach (var move in await moves.ToListAsync(cancel))
        {
            if (move.ExpiresAt > now || before.Contains(move.To))
            {
                before.Add(move.From);
            }
        }

        return before;
    }
}
