using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Billing.Ledger.Rows;

/// <summary>How the ledger's rows lie in their tables.</summary>
internal static class LedgerTables
{
    private static readonly RowSet<LedgerAccount> Accounts = new("LedgerAccounts", RowWrite.Update, 1,
    [
        new WholeColumn<LedgerAccount>("Id", a => a.Id), new WholeColumn<LedgerAccount>("Balance", a => a.Balance),
        new WholeColumn<LedgerAccount>("Held", a => a.Held), new OptionalWholeColumn<LedgerAccount>("Floor", a => a.Floor),
    ]);

    private static readonly RowSet<Transfer> Transfers = new("Transfers", RowWrite.Insert, 0,
    [
        new GuidColumn<Transfer>("WalletId", t => t.WalletId), new WholeColumn<Transfer>("Kind", t => (int)t.Kind),
        new WholeColumn<Transfer>("DebitId", t => t.Debit.Id), new WholeColumn<Transfer>("CreditId", t => t.Credit.Id),
        new WholeColumn<Transfer>("Amount", t => t.Amount), new TextColumn<Transfer>("Code", t => t.Code), new WholeColumn<Transfer>("At", t => Micros(t.At)),
        new TextColumn<Transfer>("Reference", t => t.Reference), new GuidColumn<Transfer>("HoldId", t => t.HoldId), new WholeColumn<Transfer>("Part", t => t.Part),
    ]);

    private static readonly RowSet<KeyValuePair<string, string>> Terms = new("StoredTerms", RowWrite.Keep, 1,
    [
        new TextColumn<KeyValuePair<string, string>>("Key", t => t.Key), new TextColumn<KeyValuePair<string, string>>("Json", t => t.Value),
    ]);

    private static readonly RowSet<Hold> Holds = new("Holds", RowWrite.Insert, 0,
    [
        new GuidColumn<Hold>("Id", h => h.Id), new GuidColumn<Hold>("WalletId", h => h.WalletId), new WholeColumn<Hold>("State", _ => (int)HoldState.Open),
        new WholeColumn<Hold>("CreatedAt", h => Micros(h.CreatedAt)), new OptionalWholeColumn<Hold>("ExpiresAt", h => Micros(h.ExpiresAt)),
        new TextColumn<Hold>("Quote", h => h.Quote),
    ]);

    private static readonly RowSet<Hold> Resolutions = new("Holds", RowWrite.Update, 1,
    [
        new GuidColumn<Hold>("Id", h => h.Id), new WholeColumn<Hold>("State", h => (int)h.State), new OptionalWholeColumn<Hold>("ResolvedAt", h => Micros(h.ResolvedAt)),
    ]);

    private static readonly RowSet<Counter> Counters = new("Counters", RowWrite.Put, 2,
    [
        new GuidColumn<Counter>("WalletId", c => c.WalletId), new TextColumn<Counter>("Key", c => c.Key), new WholeColumn<Counter>("Used", c => c.Used),
        new WholeColumn<Counter>("Held", c => c.Held), new OptionalWholeColumn<Counter>("Limit", c => c.Limit),
    ]);

    private static readonly RowSet<Cap> Caps = new("Caps", RowWrite.Put, 4,
    [
        new GuidColumn<Cap>("WalletId", c => c.WalletId), new GuidColumn<Cap>("SubjectId", c => c.SubjectId), new WholeColumn<Cap>("Meter", c => (int)c.Meter),
        new WholeColumn<Cap>("Window", c => (int)c.Window), new OptionalWholeColumn<Cap>("Limit", c => c.Limit),
    ]);

    private static readonly RowSet<UsageRecord> Usage = new("UsageRecords", RowWrite.Insert, 0,
    [
        new GuidColumn<UsageRecord>("Id", u => u.Id), new GuidColumn<UsageRecord>("AccountId", u => u.AccountId), new GuidColumn<UsageRecord>("ProjectId", u => u.ProjectId),
        new GuidColumn<UsageRecord>("PersonId", u => u.PersonId), new GuidColumn<UsageRecord>("MembershipId", u => u.MembershipId),
        new GuidColumn<UsageRecord>("ApiKeyId", u => u.ApiKeyId), new TextColumn<UsageRecord>("Model", u => u.Model), new WholeColumn<UsageRecord>("Unit", u => (int)u.Unit),
        new WholeColumn<UsageRecord>("InputTokens", u => u.InputTokens), new WholeColumn<UsageRecord>("OutputTokens", u => u.OutputTokens),
        new WholeColumn<UsageRecord>("Images", u => u.Images), new WholeColumn<UsageRecord>("CoveredUnits", u => u.CoveredUnits),
        new WholeColumn<UsageRecord>("ChargedNanos", u => u.ChargedNanos), new WholeColumn<UsageRecord>("UncollectedNanos", u => u.UncollectedNanos),
        new WholeColumn<UsageRecord>("ListNanos", u => u.ListNanos), new WholeColumn<UsageRecord>("At", u => Micros(u.At)),
        new WholeColumn<UsageRecord>("DurationMs", u => u.DurationMs), new TextColumn<UsageRecord>("Finish", u => u.Finish),
        new TextColumn<UsageRecord>("Receipt", u => u.Receipt),
    ]);

    private static readonly RowSet<UsageHour> Hours = new("UsageHours", RowWrite.Add, 4,
    [
        new GuidColumn<UsageHour>("AccountId", h => h.AccountId), new WholeColumn<UsageHour>("Hour", h => Micros(h.Hour)),
        new GuidColumn<UsageHour>("MembershipId", h => h.MembershipId), new TextColumn<UsageHour>("Model", h => h.Model),
        new WholeColumn<UsageHour>("Requests", h => h.Requests), new WholeColumn<UsageHour>("InputTokens", h => h.InputTokens),
        new WholeColumn<UsageHour>("OutputTokens", h => h.OutputTokens), new WholeColumn<UsageHour>("Images", h => h.Images),
        new WholeColumn<UsageHour>("CoveredUnits", h => h.CoveredUnits), new WholeColumn<UsageHour>("ChargedNanos", h => h.ChargedNanos),
    ]);

    private static readonly RowSet<IdempotencyRecord> Outcomes = new("IdempotencyRecords", RowWrite.Insert, 0,
    [
        new GuidColumn<IdempotencyRecord>("WalletId", r => r.WalletId), new TextColumn<IdempotencyRecord>("Key", r => r.Key),
        new TextColumn<IdempotencyRecord>("RequestHash", r => r.RequestHash), new TextColumn<IdempotencyRecord>("Outcome", r => r.Outcome),
        new WholeColumn<IdempotencyRecord>("CreatedAt", r => Micros(r.CreatedAt)),
    ]);

    /// <summary>Every statement that writes a charge, for reading and checking them as text.</summary>
    public static IEnumerable<(string Sqlite, string PostgreSql, string SqlServer)> Statements =>
    [
        Text(Accounts), Text(Transfers), Text(Terms), Text(Holds), Text(Resolutions), Text(Counters), Text(Caps), Text(Usage), Text(Hours), Text(Outcomes),
    ];

    /// <summary>Hands everything to the writer and forgets it.</summary>
    public static async Task Write(PortalDb db, RowWriter writer, DbTransaction transaction, LedgerRows rows)
    {
        if (rows.Opened.Count > 0)
        {
            await Open(db, rows.Opened);
        }

        await writer.Write(Accounts, [.. rows.Changed], transaction);
        await writer.Write(Transfers, rows.Transfers, transaction);
        await writer.Write(Terms, [.. rows.Terms.OrderBy(t => t.Key, StringComparer.Ordinal)], transaction);
        await writer.Write(Holds, rows.Holds, transaction);
        await writer.Write(Resolutions, rows.Resolved, transaction);
        await writer.Write(Counters, [.. rows.Counters], transaction);
        await writer.Write(Caps, [.. rows.Caps], transaction);
        await writer.Write(Usage, rows.Usage, transaction);
        await writer.Write(Hours, [.. rows.Hours], transaction);
        await writer.Write(Outcomes, rows.Outcomes, transaction);
        rows.Clear();
    }

    public static long Micros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static long? Micros(DateTimeOffset? instant) => instant is { } at ? Micros(at) : null;

    /// <summary>A first transfer opens an account once in a wallet's life: the context knows how each engine gives ids.</summary>
    private static async Task Open(PortalDb db, List<LedgerAccount> accounts)
    {
        await Reopen(db, accounts.FindAll(a => a.ExpiresAt is not null));
        var first = accounts.FindAll(a => a.Id == 0);
        db.LedgerAccounts.AddRange(first);
        await db.SaveChangesAsync();
        foreach (var account in first)
        {
            db.Entry(account).State = EntityState.Detached;
        }
    }

    /// <summary>An account that was spent and had expired when its wallet was read is not in the book: a clock set back, or a late grant, finds it again.</summary>
    private static async Task Reopen(PortalDb db, List<LedgerAccount> accounts)
    {
        if (accounts.Count == 0)
        {
            return;
        }

        var wallets = accounts.Select(a => a.WalletId).Distinct().ToList();
        var keys = accounts.Select(a => a.Key).Distinct().ToList();
        var there = await db.LedgerAccounts.AsNoTracking().Where(a => wallets.Contains(a.WalletId) && keys.Contains(a.Key))
            .ToDictionaryAsync(a => (a.WalletId, a.Code, a.Unit, a.Key), a => a.Id);
        foreach (var account in accounts)
        {
            account.Id = there.GetValueOrDefault((account.WalletId, account.Code, account.Unit, account.Key));
        }
    }

    private static (string, string, string) Text<T>(RowSet<T> set) => (set.Sqlite, set.PostgreSql, set.SqlServer);
}
