using Portal.Billing.Ledger;
using Portal.Inference.Lanes;

namespace Portal.Prompts.Pricing;

/// <summary>What a caller's prompt reserves, and where it waits for its model.</summary>
public sealed record PricedPrompt(Lane Lane, HoldPrompt Hold);
