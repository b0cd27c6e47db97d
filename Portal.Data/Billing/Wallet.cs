namespace Portal.Data.Billing;

/// <summary>The head of an account's ledger accounts. It is a row of its own so that a charge never rewrites the account.</summary>
public sealed class Wallet
{
    /// <summary>The account's id.</summary>
    public Guid Id { get; set; }

    /// <summary>Raised by every change of the wallet; raising it is also the wallet's row lock.</summary>
    public long Version { get; set; }
}
