namespace Portal.Billing.Ledger;

/// <summary>How a prompt ended.</summary>
/// <param name="Finish">As in <see cref="Portal.Data.Usage.UsageRecord.Finish"/>.</param>
/// <param name="Reply">The answer to keep under the caller's key; null: none.</param>
public sealed record PromptEnd(string Finish, int DurationMs, KeptReply? Reply = null);

/// <summary>An answer that the same request gets again.</summary>
public sealed record KeptReply(string Key, string RequestHash, string Reply);
