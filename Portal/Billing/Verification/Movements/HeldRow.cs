using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>A transfer of a hold.</summary>
/// <param name="Unit">Of the debited account.</param>
internal readonly record struct HeldRow(long Id, Guid WalletId, TransferKind Kind, long DebitId, long CreditId, long Amount, int Part, Unit Unit)
{
    public bool Resolves(in HeldRow pending) => Kind > TransferKind.Pending && pending.Kind == TransferKind.Pending && Part == pending.Part;
}
