using System.Globalization;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>Names an account of a wallet; it is opened by its first transfer.</summary>
/// <param name="SubjectId">The seat or grant, where a code has several accounts.</param>
/// <param name="ExpiresAt">Part of the name: what expires at different times lies in different accounts.</param>
public readonly record struct AccountRef(string Code, Unit Unit, Guid? SubjectId = null, DateTimeOffset? ExpiresAt = null)
{
    private static readonly HashSet<string> Owned =
        [LedgerCodes.CreditPurchased, LedgerCodes.CreditGranted, LedgerCodes.Allowance, LedgerCodes.Seat, LedgerCodes.Pool, LedgerCodes.Points];

    public string Key => SubjectId is null && ExpiresAt is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{SubjectId:N}{(ExpiresAt is { } end ? $"@{end.ToUnixTimeMilliseconds()}" : "")}");

    /// <summary>What the customer owns never goes below zero; contra accounts mirror it and may.</summary>
    public long? Floor => Owned.Contains(Code) || Code == LedgerCodes.Postpaid ? 0 : null;

    public LedgerAccount Open(Guid walletId) => new()
    {
        WalletId = walletId,
        Code = Code,
        Unit = Unit,
        Key = Key,
        SubjectId = SubjectId,
        ExpiresAt = ExpiresAt,
        Floor = Floor,
    };
}
