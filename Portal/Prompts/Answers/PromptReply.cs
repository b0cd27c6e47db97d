using Portal.Billing.Rating;

namespace Portal.Prompts.Answers;

/// <summary>An answer as it was delivered, kept for repetitions of its request.</summary>
/// <param name="Model">That gave it; null in answers of before models had other names.</param>
public sealed record PromptReply(string Text, IReadOnlyList<byte[]> Images, MeteredUsage Usage, PromptFinish Finish, string? Model = null);
