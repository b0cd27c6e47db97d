using Portal.Billing.Ledger;
using Portal.Prompts.Answers;
using Portal.Prompts.Cache;
using Portal.Prompts.Pictures;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;

namespace Portal.Prompts;

/// <summary>A prompt that was found in order: what it reserves and how it runs.</summary>
/// <param name="Request">Cleaned, with the name of the model that answers.</param>
/// <param name="Route">How that model was found.</param>
/// <param name="MaxTokens">Output tokens that were reserved; 0 of pictures.</param>
/// <param name="Generate">Starts the model; ends early when its token is cancelled.</param>
public sealed record PromptPlan(
    PromptRequest Request, ModelRoute Route, HoldPrompt Hold, int MaxTokens, Func<CancellationToken, IAsyncEnumerable<PromptUpdate>> Generate)
{
    /// <summary>Set when an earlier answer would do, whether there is one or not.</summary>
    public CacheLookup? Cache { get; init; }

    /// <summary>Whether an earlier answer is given again; null: none was wanted.</summary>
    public bool? Cached => Cache is { } asked ? asked.Found is not null : null;

    /// <summary>Set when its model is too busy to draw it in all its steps.</summary>
    public DegradedSteps? Degraded { get; init; }
}
