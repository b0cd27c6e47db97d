using Portal.Data.Billing;

namespace Portal.Billing.Verification.Rows;

/// <summary>What the verifier reads of a hold.</summary>
/// <param name="Prompt">It has a quote.</param>
/// <param name="Sources">Of a prompt, as <see cref="Hold.Sources"/>.</param>
internal readonly record struct HoldRow(
    Guid Id, Guid WalletId, HoldState State, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? ResolvedAt, bool Prompt, string? Sources);
