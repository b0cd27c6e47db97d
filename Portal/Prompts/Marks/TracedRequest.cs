namespace Portal.Prompts.Marks;

/// <param name="ByKey">It came with an API key, not from a page.</param>
public sealed record TracedRequest(Guid Id, Guid AccountId, string Email, string Model, DateTimeOffset At, bool ByKey);
