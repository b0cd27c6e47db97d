using Portal.Billing.Ledger;

namespace Portal.Prompts;

/// <summary>What a prompt would cost at worst, and what would pay for it.</summary>
/// <param name="Missing">Why it would be refused now; null when it is paid for.</param>
/// <param name="MaxTokens">Output tokens at most, after the context's limit; 0 of pictures.</param>
public sealed record PromptPreview(HoldQuote Quote, Refusal? Missing, int MaxTokens);
