using Portal.Billing.Ledger;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts;

/// <summary>A prompt that was found in order: what it reserves and how it runs.</summary>
/// <param name="Request">Cleaned.</param>
/// <param name="MaxTokens">Output tokens that were reserved; 0 of pictures.</param>
/// <param name="Generate">Starts the model; ends early when its token is cancelled.</param>
public sealed record PromptPlan(PromptRequest Request, HoldPrompt Hold, int MaxTokens, Func<CancellationToken, IAsyncEnumerable<PromptUpdate>> Generate);
