using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Ledger;

/// <summary>A wallet book without a database: keeps the rows that commands make and hands holds back to it.</summary>
internal sealed class MemoryWallet
{
    private readonly WalletBook book;

    public MemoryWallet() => book = new WalletBook(Id, [], [], 0);

    public Guid Id { get; } = Guid.NewGuid();

    public IReadOnlyList<Transfer> Transfers => book.NewTransfers;

    public IReadOnlyCollection<LedgerAccount> Accounts => book.Accounts;

    public Outcome<LedgerResult> Apply(LedgerCommand command, DateTimeOffset? now = null) => book.Apply(command, HeldBy(command), now ?? WalletScene.Now);

    public long Balance(string code, Unit unit = Unit.Money) => Accounts.Where(a => a.Code == code && a.Unit == unit).Sum(a => a.Balance);

    public long Free(string code, Unit unit = Unit.Money) => book.Available(unit, [code], null, WalletScene.Now);

    public HoldState StateOf(Guid hold) => book.NewHolds.Single(h => h.Id == hold).State;

    /// <summary>Sums are zero, balances are their transfers, holds are what is unresolved, nothing is below its floor.</summary>
    public void AssertBooks()
    {
        foreach (var unit in Enum.GetValues<Unit>()) Assert.Equal(0, Accounts.Where(a => a.Unit == unit).Sum(a => a.Balance));

        var resolved = Transfers.Where(t => t.Pending is not null).Select(t => t.Pending!).ToList();
        Assert.Equal(resolved.Count, resolved.Distinct().Count());
        foreach (var account in Accounts)
        {
            var moved = Transfers.Where(t => t.Kind is TransferKind.Immediate or TransferKind.Post);
            Assert.Equal(moved.Where(t => t.Credit == account).Sum(t => t.Amount) - moved.Where(t => t.Debit == account).Sum(t => t.Amount), account.Balance);
            Assert.Equal(Transfers.Where(t => t.Kind == TransferKind.Pending && t.Debit == account).Except(resolved).Sum(t => t.Amount), account.Held);
            Assert.True(account.Floor is null || account.Balance - account.Held >= account.Floor, $"{account.Code} is under its floor");
        }
    }

    private HeldTransfers? HeldBy(LedgerCommand command)
    {
        var id = command switch
        {
            HoldPrompt c => c.HoldId,
            SettlePrompt c => c.HoldId,
            PostHold c => c.HoldId,
            VoidHold c => c.HoldId,
            ExpireHold c => c.HoldId,
            _ => Guid.Empty,
        };
        return book.NewHolds.Find(h => h.Id == id) is { } hold
            ? new HeldTransfers(hold, [.. Transfers.Where(t => t.HoldId == id && t.Kind == TransferKind.Pending)])
            : null;
    }
}
