using Portal.Billing.Rating;

namespace Portal.Prompts.Answers;

/// <summary>An answer as it was delivered, kept for repetitions of its request.</summary>
public sealed record PromptReply(string Text, IReadOnlyList<byte[]> Images, MeteredUsage Usage, PromptFinish Finish);
