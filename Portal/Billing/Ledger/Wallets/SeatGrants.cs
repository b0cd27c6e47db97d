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
        var moves = BookedTransfer.History(db, walletId);
        var given = await moves.Where(t => t.Credit.Code == LedgerCodes.Seat && (t.Credit.ExpiresAt == null || t.Credit.ExpiresAt > now))
            .Where(t => seat == null || t.Credit.SubjectId == seat)
            .GroupBy(t => new { t.Credit.SubjectId, t.Credit.Unit }).Select(g => new { g.Key.SubjectId, g.Key.Unit, Sum = g.Sum(t => t.Transfer.Amount) }).ToListAsync(cancel);
        var taken = await moves.Where(t => t.Debit.Code == LedgerCodes.Seat && (t.Debit.ExpiresAt == null || t.Debit.ExpiresAt > now))
            .Where(t => seat == null || t.Debit.SubjectId == seat)
            .GroupBy(t => new { t.Debit.SubjectId, t.Debit.Unit }).Select(g => new { g.Key.SubjectId, g.Key.Unit, Sum = -g.Sum(t => t.Transfer.Amount) }).ToListAsync(cancel);
        return given.Concat(taken).GroupBy(m => (m.SubjectId!.Value, m.Unit)).ToDictionary(g => g.Key, g => g.Sum(m => m.Sum));
    }
}
