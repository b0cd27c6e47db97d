using Portal.Billing.Rating;
using Portal.Prompts.Answers;

namespace Portal.Prompts.Cache;

/// <summary>What was found for a request that an earlier answer will do for.</summary>
/// <param name="Key">Of the request: hex SHA-256.</param>
/// <param name="Found">Null: there is none yet.</param>
public sealed record CacheLookup(string Key, CacheLookup.Answer? Found)
{
    /// <param name="Usage">What was measured when it was given first.</param>
    public sealed record Answer(string Text, MeteredUsage Usage, PromptFinish Finish);
}
