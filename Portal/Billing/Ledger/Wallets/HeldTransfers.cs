using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>An open hold and its pending transfers, in the order in which they were taken.</summary>
/// <param name="Quote">Of a prompt; null of a held draw.</param>
public sealed record HeldTransfers(Hold Hold, IReadOnlyList<Transfer> Pending, HoldQuote? Quote);
