namespace Portal.Billing.Ledger.Wallets;

/// <summary>A wallet in memory, and the version that it had in the database after the last commit that changed it here.</summary>
internal readonly record struct KnownWallet(WalletBook Book, long Version);
