using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Catalog;
using Portal.Data.Billing;

namespace Portal.Tests.Faults.Simulation;

/// <summary>A database in memory: the rows of wallets, their versions, and the keys that the engine itself guards. It holds copies, as a disk does.</summary>
internal sealed class SimulatedDisk(IEnumerable<Guid> wallets)
{
    private long lastAccount;

    public Dictionary<Guid, DurableWallet> Wallets { get; } = wallets.ToDictionary(id => id, _ => new DurableWallet());

    /// <summary>What prompts were quoted with, by key.</summary>
    public Dictionary<string, PriceTerms> Terms { get; } = [];

    /// <summary>Takes rows into an open transaction; their keys are checked as the engine would.</summary>
    public void Write(LedgerRows rows, DiskTransaction into)
    {
        foreach (var (key, json) in rows.Terms) into.AddTerms(key, json);
        foreach (var account in rows.Opened)
        {
            account.Id = ++lastAccount;
            account.Id = into.Wallet(account.WalletId).Open(Copy(account));
        }

        foreach (var account in rows.Changed) into.Wallet(account.WalletId).Set(Copy(account));
        foreach (var transfer in rows.Transfers) into.Wallet(transfer.WalletId).Add(Copy(transfer));
        foreach (var (hold, pending, quote) in rows.Holds)
        {
            hold.Sources = quote is null ? null : HeldSources.Write(pending);
            into.Wallet(hold.WalletId).Add(Copy(hold, HoldState.Open));
        }

        foreach (var hold in rows.Resolved) into.Wallet(hold.WalletId).Resolve(Copy(hold, hold.State));
        foreach (var counter in rows.Counters) into.Wallet(counter.WalletId).Set(Copy(counter));
        foreach (var cap in rows.Caps) into.Wallet(cap.WalletId).Set(Copy(cap));
        foreach (var usage in rows.Usage) into.Wallet(usage.AccountId).Add(usage);
        foreach (var outcome in rows.Outcomes) into.Wallet(outcome.WalletId).Add(outcome);
        rows.Clear();
    }

    /// <summary>Reads a wallet as the portal does: without accounts that are spent and gone.</summary>
    public WalletBook Load(Guid id, DateTimeOffset now)
    {
        var wallet = Wallets[id];
        var accounts = wallet.Accounts.Values.Where(a => a.ExpiresAt is not { } end || end > now || a.Balance != 0 || a.Held != 0).ToDictionary(a => a.Id, Copy);
        var matter = accounts.Values.ToList();
        var pending = wallet.PendingOf(h => h.State == HoldState.Open).ToLookup(t => t.HoldId!.Value);
        var held = wallet.Holds.Values.Where(h => h.State == HoldState.Open)
            .Select(h => new HeldTransfers(Copy(h, h.State), [.. pending[h.Id].Select(t => Load(t, wallet, accounts))], QuoteOf(h, wallet))).ToList();
        return new WalletBook(id, matter, wallet.Counters.Values.Select(Copy), wallet.Caps.Values.Select(Copy), held);
    }

    private HoldQuote? QuoteOf(Hold hold, DurableWallet wallet)
    {
        if (hold.Quote is null) return null;
        var quote = wallet.QuoteOf(hold);
        return quote with { Terms = Terms[quote.TermsKey] };
    }

    private static Transfer Load(Transfer stored, DurableWallet wallet, Dictionary<long, LedgerAccount> accounts)
    {
        var transfer = Copy(stored);
        if (!accounts.ContainsKey(stored.CreditId)) accounts.Add(stored.CreditId, Copy(wallet.Accounts[stored.CreditId]));
        (transfer.Debit, transfer.Credit) = (accounts[stored.DebitId], accounts[stored.CreditId]);
        return transfer;
    }

    private static LedgerAccount Copy(LedgerAccount a) => new()
    {
        Id = a.Id, WalletId = a.WalletId, Code = a.Code, Unit = a.Unit, Key = a.Key, SubjectId = a.SubjectId, Balance = a.Balance, Held = a.Held, Floor = a.Floor, ExpiresAt = a.ExpiresAt,
    };

    private static Transfer Copy(Transfer t) => new()
    {
        WalletId = t.WalletId, Kind = t.Kind, DebitId = t.Debit?.Id ?? t.DebitId, CreditId = t.Credit?.Id ?? t.CreditId, Amount = t.Amount, Code = t.Code, At = t.At,
        Reference = t.Reference, HoldId = t.HoldId, Part = t.Part,
    };

    private static Hold Copy(Hold h, HoldState state) => new()
    {
        Id = h.Id, WalletId = h.WalletId, State = state, CreatedAt = h.CreatedAt, ExpiresAt = h.ExpiresAt, ResolvedAt = h.ResolvedAt, Quote = h.Quote, Sources = h.Sources,
    };

    private static Counter Copy(Counter c) => new() { WalletId = c.WalletId, Key = c.Key, Used = c.Used, Held = c.Held, Limit = c.Limit };

    private static Cap Copy(Cap c) => new() { WalletId = c.WalletId, SubjectId = c.SubjectId, Meter = c.Meter, Window = c.Window, Limit = c.Limit };
}
