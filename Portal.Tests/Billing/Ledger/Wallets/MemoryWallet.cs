using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Ledger.Wallets;

/// <summary>A wallet book without a database: it keeps every row that commands make.</summary>
internal sealed class MemoryWallet
{
    private readonly WalletBook book;
    private readonly LedgerRows rows = new();

    public MemoryWallet() => book = new WalletBook(Id, [], [], [], []);

    public Guid Id { get; } = Guid.NewGuid();

    public IReadOnlyList<Transfer> Transfers => rows.Transfers;

    public IEnumerable<LedgerAccount> Accounts => book.Accounts;

    public LedgerRows Rows => rows;

    public WalletBook Book => book;

    /// <summary>As the ledger does, which asks the database about holds that are not open.</summary>
    public Outcome<LedgerResult> Apply(LedgerCommand command, DateTimeOffset? now = null) => command is HoldCommand hold && rows.Resolved.Exists(h => h.Id == hold.HoldId)
        ? new Refusal(command is HoldPrompt ? "request.duplicate" : "hold.resolved")
        : book.Apply(command, rows, now ?? WalletScene.Now);

    public long Balance(string code, Unit unit = Unit.Money) => Accounts.Where(a => a.Code == code && a.Unit == unit).Sum(a => a.Balance);

    public long Free(string code, Unit unit = Unit.Money) => book.Available(unit, [code], null, WalletScene.Now);

    public HoldState StateOf(Guid hold) => rows.Holds.Last(h => h.Hold.Id == hold).Hold.State;

    /// <summary>Sums are zero, balances are their transfers, holds are what is unresolved, nothing is below its floor, counters hold what holds hold.</summary>
    public void AssertBooks()
    {
        foreach (var unit in Enum.GetValues<Unit>()) Assert.Equal(0, Accounts.Where(a => a.Unit == unit).Sum(a => (decimal)a.Balance));

        var resolved = Transfers.Where(t => t.Kind > TransferKind.Pending).Select(t => (t.HoldId, t.Part)).ToList();
        Assert.Equal(resolved.Count, resolved.Distinct().Count());
        foreach (var account in Accounts)
        {
            var moved = Transfers.Where(t => t.Kind is TransferKind.Immediate or TransferKind.Post);
            Assert.Equal(moved.Where(t => t.Credit == account).Sum(t => (decimal)t.Amount) - moved.Where(t => t.Debit == account).Sum(t => (decimal)t.Amount), account.Balance);
            Assert.Equal(rows.Holds.SelectMany(h => h.Pending).Where(t => t.Debit == account && !resolved.Contains((t.HoldId, t.Part))).Sum(t => (decimal)t.Amount), account.Held);
            Assert.True(account.Floor is null || account.Balance - account.Held >= account.Floor, $"{account.Code} is under its floor");
        }

        foreach (var counter in book.Counters)
        {
            Assert.Equal(book.Holds.SelectMany(h => h.Quote?.Caps ?? []).Where(c => c.Counter == counter.Key).Sum(c => c.Amount), counter.Held);
            Assert.True(counter.Limit is null || counter.Used + counter.Held <= counter.Limit, $"{counter.Key} is over its cap");
        }
    }
}
