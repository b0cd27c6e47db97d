using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>A wallet's figures at one moment.</summary>
public sealed record WalletView(Guid WalletId, IReadOnlyList<WalletAccount> Accounts)
{
    /// <summary>Money that can be spent now: purchased and granted credit, and what is left of a postpaid limit.</summary>
    public Money Spendable => new(Accounts.Where(a => a.Unit == Unit.Money).Sum(a => a.Available));

    /// <summary>Money that open holds have reserved.</summary>
    public Money Held => new(Accounts.Where(a => a.Unit == Unit.Money).Sum(a => a.Held));

    /// <summary>Purchased credit that nothing has reserved: the most that can be refunded.</summary>
    public Money Purchased => new(Available(Unit.Money, LedgerCodes.CreditPurchased));

    public long Available(Unit unit, string code, Guid? subject = null) =>
        Accounts.Where(a => a.Unit == unit && a.Code == code && (subject is null || a.SubjectId == subject)).Sum(a => a.Available);
}

/// <summary>One account of a wallet; amounts in its unit.</summary>
public sealed record WalletAccount(string Code, Unit Unit, Guid? SubjectId, long Balance, long Held, DateTimeOffset? ExpiresAt, long Floor)
{
    public long Available => Balance - Held - Floor;
}

/// <summary>One movement, by the codes of its accounts.</summary>
public sealed record TransferView(long Id, DateTimeOffset At, string Code, string Reference, string Debit, string Credit, Unit Unit, long Amount);
