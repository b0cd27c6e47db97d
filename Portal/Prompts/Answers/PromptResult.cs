using Portal.Billing.Ledger;

namespace Portal.Prompts.Answers;

/// <summary>How a prompt ended and what it was charged, once that is on disk.</summary>
/// <param name="Receipt">Null when nothing was delivered, and so nothing charged.</param>
/// <param name="Failure">What went wrong on the portal's side; null when nothing did.</param>
public sealed record PromptResult(PromptFinish Finish, Receipt? Receipt, Refusal? Failure);
