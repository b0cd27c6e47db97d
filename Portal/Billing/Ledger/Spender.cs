namespace Portal.Billing.Ledger;

/// <summary>Who spends in a wallet, and for what.</summary>
/// <param name="MembershipId">The seat, whose allocation is drawn first.</param>
/// <param name="ApiKeyId">Null: in the browser.</param>
public sealed record Spender(Guid ProjectId, Guid PersonId, Guid MembershipId, Guid? ApiKeyId);
