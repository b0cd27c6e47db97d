using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Verification.Rows;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>What a prompt's hold took lies on accounts of its wallet, and each part is held to go to another of the same unit.</summary>
internal sealed class SourceRules(AccountRules accounts)
{
    private readonly List<HeldRow> parts = [];

    public List<Finding> Findings { get; } = [];

    /// <returns>The pending transfers of a hold that are no rows; to be used before the next call.</returns>
    public IReadOnlyList<HeldRow> Read(in HoldRow hold)
    {
        parts.Clear();
        if (hold.Sources is not null)
        {
            var (id, wallet) = (hold.Id, hold.WalletId);
            if (!HeldSources.TryRead(hold.Sources, (debit, credit, amount) => Add(id, wallet, debit, credit, amount)))
            {
                Findings.Add(new Finding("hold.sources", $"Holds {id}", $"it does not say what it took: '{hold.Sources}'"));
            }
        }

        return parts;
    }

    private void Add(Guid hold, Guid wallet, long debitId, long creditId, long amount)
    {
        var (debit, credit) = (accounts.Find(debitId), accounts.Find(creditId));
        if (debit is null || credit is null || debitId == creditId || debit.Unit != credit.Unit || debit.WalletId != wallet || credit.WalletId != wallet || amount == 0)
        {
            Findings.Add(new Finding("hold.sources", $"Holds {hold}", $"holds {amount} of account {debitId} for {creditId}, which are not two of its wallet and of one unit"));
        }

        parts.Add(new HeldRow(0, wallet, TransferKind.Pending, debitId, creditId, amount, parts.Count, debit?.Unit ?? default));
    }
}
