using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Cards;

namespace Portal.Payments.AutoTopUps;

/// <summary>
/// Charges the card of every account whose balance is below its threshold. The payment is put on record under the wallet's lock, where the balance and
/// the payments before it are read: however many look at once, on however many nodes, one starts.
/// </summary>
public sealed partial class AutoTopUpRun(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, OffSessionCharges charges, TimeProvider time, ILogger<AutoTopUpRun> logger)
{
    /// <returns>How many top-ups were started.</returns>
    public async Task<int> Run(CancellationToken cancel) => await EachAlone.Run(await Low(cancel), logger, account => Look(account, cancel), cancel);

    /// <summary>Looks at one account now.</summary>
    /// <returns>Whether a top-up was started.</returns>
    public async Task<bool> Look(Guid accountId, CancellationToken cancel)
    {
        // Most that are low may not start, and shall not be locked to find that out.
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            if (!await IsDue(db, accountId, time.GetUtcNow(), cancel)) return false;
        }
        Guid? opened = null;
        await ledger.Run<Done>(
            async transaction =>
            {
                await transaction.Lock(accountId, cancel);
                opened = await IsDue(transaction.Db, accountId, transaction.Now, cancel) ? await Open(transaction, accountId, cancel) : null;

                // Nobody reads this refusal; it undoes a transaction that changed nothing.
                return opened is null ? Refusal.NotFound : new Done();
            },
            cancel);
        if (opened is not { } payment) return false;
        Log.Started(logger, payment, accountId);
        await charges.Send(payment, cancel);
        return true;
    }

    /// <summary>Of the balance, open holds are not taken off: what a running prompt reserves for a moment is no reason to charge a card.</summary>
    private static IQueryable<AutoTopUpRule> Below(PortalDb db, DateTimeOffset now) => db.AutoTopUpRules.Where(r => r.Enabled
        && db.LedgerAccounts.Where(a => a.WalletId == r.AccountId && a.Unit == Unit.Money && a.Floor != null && (a.ExpiresAt == null || a.ExpiresAt > now))
            .Sum(a => a.Balance - a.Floor!.Value) < r.ThresholdNanos);

    private static async Task<bool> IsDue(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel) =>
        await Below(db, now).AnyAsync(r => r.AccountId == accountId, cancel) && (await AutoTopUpHistory.Read(db, accountId, now, cancel)).MayStart(now);

    private static async Task<Guid?> Open(LedgerTransaction transaction, Guid accountId, CancellationToken cancel)
    {
        var rule = await transaction.Db.AutoTopUpRules.FirstAsync(r => r.AccountId == accountId, cancel);
        rule.Started++;
        return await OffSessionCharges.Open(transaction, accountId, new Money(rule.AmountNanos), PaymentPurpose.AutoTopUp, $"auto-topup:{rule.Started}", cancel);
    }

    private async Task<List<Guid>> Low(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Below(db, time.GetUtcNow()).Where(r => db.SavedCards.Any(c => c.AccountId == r.AccountId && c.IsDefault && c.RemovedAt == null))
            .Select(r => r.AccountId).ToListAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Automatic top-up {PaymentId} of account {Account} started")]
        public static partial void Started(ILogger logger, Guid paymentId, Guid account);
    }
}
