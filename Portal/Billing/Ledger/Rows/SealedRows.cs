using Portal.Billing.Ledger.Wallets;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Billing.Ledger.Rows;

/// <summary>
/// The rows of a commit as they are to be written: the figures of a book that goes on changing are copied, everything else is never changed again. So
/// they can be written while the book is used for the next commit.
/// </summary>
internal sealed class SealedRows
{
    private SealedRows(LedgerRows rows)
    {
        Opened = [.. rows.Opened];
        Accounts = [.. rows.Changed.Select(a => new AccountFigures(a, a.Balance, a.Held, a.Floor))];
        Transfers = [.. rows.Transfers];
        Terms = [.. rows.Terms.OrderBy(t => t.Key, StringComparer.Ordinal)];
        Holds = [.. rows.Holds];
        Resolved = [.. rows.Resolved];
        Counters = [.. rows.Counters.Select(c => new CounterFigures(c.WalletId, c.Key, c.Used, c.Held, c.Limit))];
        Caps = [.. rows.Caps];
        Usage = [.. rows.Usage];
        Hours = [.. rows.Hours];
        Outcomes = [.. rows.Outcomes];
    }

    /// <summary>They have no id before they are written; theirs are then set.</summary>
    public LedgerAccount[] Opened { get; }

    public AccountFigures[] Accounts { get; }

    public Transfer[] Transfers { get; }

    public KeyValuePair<string, string>[] Terms { get; }

    public HeldTransfers[] Holds { get; }

    public Hold[] Resolved { get; }

    public CounterFigures[] Counters { get; }

    public Cap[] Caps { get; }

    public UsageRecord[] Usage { get; }

    public UsageHour[] Hours { get; }

    public IdempotencyRecord[] Outcomes { get; }

    /// <summary>Takes the rows over: those given are empty then.</summary>
    public static SealedRows Take(LedgerRows rows)
    {
        var taken = new SealedRows(rows);
        rows.Clear();
        return taken;
    }
}

/// <summary>What an account has after a commit.</summary>
internal readonly record struct AccountFigures(LedgerAccount Account, long Balance, long Held, long? Floor);

/// <summary>What a counter has after a commit.</summary>
internal readonly record struct CounterFigures(Guid WalletId, string Key, long Used, long Held, long? Limit);
