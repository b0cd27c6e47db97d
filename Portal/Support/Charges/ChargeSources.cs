using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.OnAccount;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Support.Charges;

/// <summary>What a settled prompt took, source by source, and what it counted.</summary>
/// <param name="Taken">From sources that have not expired.</param>
internal sealed record ChargeSources(UsageRecord Record, IReadOnlyList<(LedgerAccount Source, long Amount)> Taken, IReadOnlyList<KeyValuePair<string, long>> Counts)
{
    /// <summary>The transfers of one settle are written together: what outran its hold has no index, and is found beside what did not.</summary>
    private const int Beside = 100_000;

    public long Nanos => Taken.Where(t => t.Source.Unit == Unit.Money).Sum(t => t.Amount);

    public long Units => Taken.Where(t => t.Source.Unit != Unit.Money).Sum(t => t.Amount);

    public long TierUnits => Counts.Where(c => c.Key.StartsWith(UsageWindows.TierCounters, StringComparison.Ordinal)).Sum(c => c.Value);

    public static async Task<ChargeSources> Read(PortalDb db, UsageRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await db.Transfers.AsNoTracking().Where(t => t.HoldId == record.Id && t.Kind > TransferKind.Pending).OrderBy(t => t.Id).ToListAsync(cancel);
        if (rows.Count > 0 && await Sums(db, rows, cancel) != (record.ChargedNanos, record.CoveredUnits))
        {
            var (first, last) = (rows[0].Id - Beside, rows[^1].Id + Beside);
            rows.AddRange(await db.Transfers.AsNoTracking().Where(t => t.Id > first && t.Id < last && t.HoldId == record.Id && t.Kind == TransferKind.Immediate).ToListAsync(cancel));
        }

        var sources = await Accounts(db, rows, cancel);
        var taken = rows.Where(t => t.Amount > 0).GroupBy(t => t.DebitId).Select(g => (Source: sources[g.Key], Amount: g.Sum(t => t.Amount))).ToList();
        return taken.Where(t => t.Source.Unit == Unit.Money).Sum(t => t.Amount) == record.ChargedNanos && taken.Where(t => t.Source.Unit != Unit.Money).Sum(t => t.Amount) == record.CoveredUnits
            ? new ChargeSources(record, taken.FindAll(t => t.Source.ExpiresAt is null || t.Source.ExpiresAt > now), await Counted(db, record, now, cancel))
            : throw new InvalidOperationException($"the transfers of prompt {record.Id} are not what it was charged");
    }

    public List<Leg> Legs(WalletBook book) =>
    [
        .. Taken.SelectMany(t => RepaidMoney.Legs(
            book, new AccountRef(t.Source.Unit == Unit.Money ? LedgerCodes.RevenueUsage : LedgerCodes.Used, t.Source.Unit),
            new AccountRef(t.Source.Code, t.Source.Unit, t.Source.SubjectId, t.Source.ExpiresAt), t.Amount, TransferCodes.PromptReturned, TransferCodes.PromptReturnedRepaid)),
    ];

    private static async Task<(long, long)> Sums(PortalDb db, List<Transfer> rows, CancellationToken cancel)
    {
        var sources = await Accounts(db, rows, cancel);
        return (rows.Where(t => sources[t.DebitId].Unit == Unit.Money).Sum(t => t.Amount), rows.Where(t => sources[t.DebitId].Unit != Unit.Money).Sum(t => t.Amount));
    }

    private static Task<Dictionary<long, LedgerAccount>> Accounts(PortalDb db, List<Transfer> rows, CancellationToken cancel)
    {
        var ids = rows.Select(t => t.DebitId).Distinct().ToList();
        return db.LedgerAccounts.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel);
    }

    /// <summary>In the windows that are still open; what a window that is over has counted is history.</summary>
    private static async Task<List<KeyValuePair<string, long>>> Counted(PortalDb db, UsageRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        var quote = LedgerJson.ReadQuote((await db.Holds.Where(h => h.Id == record.Id).Select(h => h.Quote).SingleAsync(cancel))!);
        var zone = await db.Accounts.Where(a => a.Id == record.AccountId).Select(a => a.TimeZone).SingleAsync(cancel);
        var period = await db.Subscriptions.AsNoTracking().Where(Entitlements.At(now)).Where(s => s.AccountId == record.AccountId).Select(s => (DateTimeOffset?)s.PeriodStart).FirstOrDefaultAsync(cancel);
        var windows = UsageWindows.At(now, LocalDays.Zone(zone), period);
        var used = record.Unit == Unit.Images ? record.Images : record.InputTokens + record.OutputTokens;
        var counts = (quote.Caps ?? []).Select(c => KeyValuePair.Create(c.Counter, c.Meter == CapMeter.Money ? record.ChargedNanos : (c.Meter == CapMeter.Images) == (record.Unit == Unit.Images) ? used : 0))
            .Append(KeyValuePair.Create(quote.TierCounter, used - record.CoveredUnits));
        return [.. counts.Where(c => c.Value > 0 && windows.Has(c.Key))];
    }
}
