using Portal.Data;

namespace Portal.Payments.Refunds;

/// <summary>What a refund would do, before it is asked for.</summary>
/// <param name="Amount">What would go back; zero with <paramref name="Wrong"/>.</param>
/// <param name="Wrong">Why this amount cannot.</param>
/// <param name="Before">Spendable money now.</param>
/// <param name="After">Spendable money once it is asked for; of a fee that has to be approved, once it is.</param>
/// <param name="NeedsApproval">Whether a second person has to agree.</param>
/// <param name="Document">The document that the credit note will name.</param>
/// <param name="EndsPlan">The plan that can end with it, in the page's language; null when no running plan was paid with it.</param>
/// <param name="UnspentUnits">What would be taken back of its allowance.</param>
public sealed record RefundPreview(
    Refundable Can, Money Amount, Refusal? Wrong, Money Before, Money After, bool NeedsApproval, string Document, string? EndsPlan, long UnspentUnits, Unit Unit);
