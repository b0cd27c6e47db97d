using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Accounts.Members;

/// <summary>
/// Returns to the organisation's pool what still lies on seats that were taken away: what a prompt had reserved, was stopped, and did not use.
/// </summary>
public sealed class RemovedSeats(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, ILogger<RemovedSeats> logger)
{
    private const string Reference = "seat.removed";

    /// <returns>How many seats gave something back.</returns>
    public async Task<int> Empty(CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var left = await db.LedgerAccounts.AsNoTracking()
            .Where(a => a.Code == LedgerCodes.Seat && a.Balance > a.Held && db.Memberships.Any(m => m.Id == a.SubjectId && m.RemovedAt != null))
            .Select(a => new { a.WalletId, Seat = a.SubjectId!.Value, a.Unit }).Distinct().ToListAsync(cancel);
        return await EachAlone.Run(left, logger, async seat => (await Empty(seat.WalletId, seat.Seat, seat.Unit, cancel)).IsDone(out _), cancel);
    }

    private Task<Outcome<Done>> Empty(Guid account, Guid seat, Unit unit, CancellationToken cancel) => ledger.Run<Done>(
        async transaction =>
        {
            // Under the lock: the member may have come back since.
            var book = await transaction.Lock(account, cancel);
            var amount = book!.Available(unit, SeatAllocator.SeatCodes, seat, transaction.Now);
            if (amount == 0 || !await transaction.Db.Memberships.AnyAsync(m => m.Id == seat && m.RemovedAt != null, cancel))
            {
                return Refusal.NotFound;
            }

            var back = await transaction.Apply(SeatAllocator.Back(account, Reference, seat, unit, amount, $"{Reference}:{Guid.CreateVersion7(transaction.Now):N}"), cancel);
            return back.IsDone(out var refusal) ? default(Done) : refusal;
        },
        cancel);
}
