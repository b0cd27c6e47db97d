using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Api.Json;

namespace Portal.Prompts.Api.Text;

/// <summary>How an endpoint writes its answer: the objects of one response, which share its id, time and model.</summary>
/// <param name="Id">The prompt's.</param>
/// <param name="Created">Unix seconds.</param>
public abstract record TextReply(Guid Id, long Created, string Model)
{
    /// <summary>An earlier answer is given again.</summary>
    public bool Cached { get; init; }

    public abstract object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage);

    /// <summary>What a stream begins with; null: with the first piece.</summary>
    public virtual object? Opening => null;

    public abstract object Piece(string text, IReadOnlyList<TokenChoice> tokens);

    public abstract object End(PromptFinish finish);

    public abstract object UsageOnly(MeteredUsage usage);

    // The protocol has no word for an answer that was cut short otherwise.
    protected static string ReasonOf(PromptFinish finish) => finish == PromptFinish.Stop ? "stop" : "length";

    protected TokenUsageJson UsageOf(MeteredUsage usage) => TokenUsageJson.Of(usage, Cached);
}
