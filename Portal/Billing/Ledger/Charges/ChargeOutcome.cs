using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Charges;

/// <summary>What became of a batch.</summary>
/// <param name="Answers">To whom its commit is to be told; empty when that is done.</param>
/// <param name="Astray">A wallet was not as supposed, or nothing was committed: what was applied to these books since is wrong.</param>
/// <param name="Books">The books that the transaction read or changed, by the versions that the commit gave them.</param>
/// <param name="Wrote">How long its rows took.</param>
/// <param name="Synced">How long the disk took.</param>
internal sealed record ChargeOutcome(
    IReadOnlyList<(ChargeRequest Request, Outcome<LedgerResult> Outcome)> Answers, bool Astray, IReadOnlyList<KnownWallet> Books, TimeSpan Wrote,
    TimeSpan Synced)
{
    /// <summary>Everyone has been told something else, or had a commit of his own.</summary>
    public static readonly ChargeOutcome Lost = new([], true, [], TimeSpan.Zero, TimeSpan.Zero);
}
