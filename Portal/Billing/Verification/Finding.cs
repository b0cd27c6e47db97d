namespace Portal.Billing.Verification;

/// <summary>Something in the books that cannot be.</summary>
/// <param name="Rule">Which law is broken, e.g. <c>account.balance</c>.</param>
/// <param name="Row">The table and key of the row that shows it, e.g. <c>LedgerAccounts 17</c>.</param>
/// <param name="Detail">Both sides of the comparison, in the row's own unit.</param>
public sealed record Finding(string Rule, string Row, string Detail)
{
    public override string ToString() => $"{Rule}: {Row}: {Detail}";
}
