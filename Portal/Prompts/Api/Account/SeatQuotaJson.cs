namespace Portal.Prompts.Api.Account;

/// <param name="Unit"><c>tokens</c> or <c>images</c>.</param>
/// <param name="ExpiresAt">When the first of what is left expires; null: never.</param>
public sealed record SeatQuotaJson(string Unit, long Allocated, long Used, long Left, DateTimeOffset? ExpiresAt);
