using Portal.Data;

namespace Portal.Payments.Refunds;

/// <summary>What somebody wants back, and why, as it was read.</summary>
internal sealed record Asked(Money Amount, string Reason);
