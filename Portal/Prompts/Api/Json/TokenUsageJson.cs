using Portal.Billing.Rating;

namespace Portal.Prompts.Api.Json;

/// <summary>The tokens that were measured, which are those that were charged.</summary>
public sealed record TokenUsageJson(long PromptTokens, long CompletionTokens, long TotalTokens, TokenUsageJson.Details PromptTokensDetails)
{
    /// <param name="CachedTokens">All of the prompt's when an earlier answer was given again, else 0.</param>
    public sealed record Details(long CachedTokens);

    public static TokenUsageJson Of(MeteredUsage usage, bool cached) =>
        new(usage.InputTokens, usage.OutputTokens, usage.Tokens, new Details(cached ? usage.InputTokens : 0));
}
