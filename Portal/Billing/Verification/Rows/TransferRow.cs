using Portal.Data.Billing;

namespace Portal.Billing.Verification.Rows;

/// <summary>What the verifier reads of a transfer.</summary>
/// <param name="Code">Of immediate ones only.</param>
/// <param name="Reference">Of immediate ones only.</param>
internal readonly record struct TransferRow(
    long Id, Guid WalletId, TransferKind Kind, long DebitId, long CreditId, long Amount, DateTimeOffset At, Guid? HoldId, int Part, string? Code, string? Reference);
