using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Billing.Ledger.Rows;

/// <summary>How the ledger's rows lie in their tables.</summary>
internal static class LedgerTables
{
    private static readonly RowSet<AccountFigures> Accounts = new("LedgerAccounts", RowWrite.Update, 1,
    [
        new WholeColumn<AccountFigures>("Id", a => a.Account.Id), new WholeColumn<AccountFigures>("Balance", a => a.Balance),
        new WholeColumn<AccountFigures>("Held", a => a.Held), new OptionalWholeColumn<AccountFigures>("Floor", a => a.Floor),
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

    private static readonly RowSet<HeldTransfers> Holds = new("Holds", RowWrite.Insert, 0,
    [
        new GuidColumn<HeldTransfers>("Id", h => h.Hold.Id), new GuidColumn<HeldTransfers>("WalletId", h => h.Hold.WalletId),
        new WholeColumn<HeldTransfers>("State", _ => (int)HoldState.Open), new WholeColumn<HeldTransfers>("CreatedAt", h => Micros(h.Hold.CreatedAt)),
        new OptionalWholeColumn<HeldTransfers>("ExpiresAt", h => Micros(h.Hold.ExpiresAt)), new TextColumn<HeldTransfers>("Quote", h => h.Hold.Quote),
        new TextColumn<HeldTransfers>("Sources", h => h.Quote is null ? null : HeldSources.Write(h.Pending)),
    ]);

    private static readonly RowSet<Hold> Resolutions = new("Holds", RowWrite.Update, 1,
    [
        new GuidColumn<Hold>("Id", h => h.Id), new WholeColumn<Hold>("State", h => (int)h.State), new OptionalWholeColumn<Hold>("ResolvedAt", h => Micros(h.ResolvedAt)),
    ],
    only: "\"State\" = 0");

    private static readonly RowSet<CounterFigures> Counters = new("Counters", RowWrite.Put, 2,
    [
        new GuidColumn<CounterFigures>("WalletId", c => c.WalletId), new TextColumn<CounterFigures>("Key", c => c.Key), new WholeColumn<CounterFigures>("Used", c => c.Used),
        new WholeColumn<CounterFigures>("Held", c => c.Held), new OptionalWholeColumn<CounterFigures>("Limit", c => c.Limit),
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

    public static Task Write(PortalDb db, RowWriter writer, DbTransaction transaction, LedgerRows rows) => Write(db, writer, transaction, SealedRows.Take(rows));

    /// <summary>Hands everything to the writer.</summary>
    public static async Task Write(PortalDb db, RowWriter writer, DbTransaction transaction, SealedRows rows)
    {
        if (rows.Opened.Length > 0)
        {
            await Open(db, rows.Opened);
        }

        await writer.Write(Accounts, rows.Accounts, transaction);
        await writer.Write(Transfers, rows.Transfers, transaction);
        await writer.Write(Terms, rows.Terms, transaction);
        await writer.Write(Holds, rows.Holds, transaction);
        await writer.Write(Resolutions, rows.Resolved, transaction);
        await writer.Write(Counters, rows.Counters, transaction);
        await writer.Write(Caps, rows.Caps, transaction);
        await writer.Write(Usage, rows.Usage, transaction);
        await writer.Write(Hours, rows.Hours, transaction);
        await writer.Write(Outcomes, rows.Outcomes, transaction);
    }

    public static long Micros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static long? Micros(DateTimeOffset? instant) => instant is { } at ? Micros(at) : null;

    /// <summary>
    /// A first transfer opens an account once in a wallet's life: the context knows how each engine gives ids. Empty ones are opened; their figures are
    /// written with all others.
    /// </summary>
    private static async Task Open(PortalDb db, LedgerAccount[] accounts)
    {
        await Reopen(db, Array.FindAll(accounts, a => a.ExpiresAt is not null));
        var first = Array.FindAll(accounts, a => a.Id == 0);
        var empty = Array.ConvertAll(first, a => new LedgerAccount
        {
            WalletId = a.WalletId, Code = a.Code, Unit = a.Unit, Key = a.Key, SubjectId = a.SubjectId, Floor = a.Floor, ExpiresAt = a.ExpiresAt,
        });
        db.LedgerAccounts.AddRange(empty);
        await db.SaveChangesAsync();
        for (var i = 0; i < first.Length; i++)
        {
            first[i].Id = empty[i].Id;
            db.Entry(empty[i]).State = EntityState.Detached;
        }
    }

    /// <summary>An account that was spent and had expired when its wallet was read is not in the book: a clock set back, or a late grant, finds it again.</summary>
    private static async Task Reopen(PortalDb db, LedgerAccount[] accounts)
    {
        if (accounts.Length == 0)
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
