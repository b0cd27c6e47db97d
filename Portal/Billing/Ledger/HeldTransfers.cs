using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>A hold and its pending transfers, in the order in which they were taken.</summary>
public sealed record HeldTransfers(Hold Hold, IReadOnlyList<Transfer> Pending);
