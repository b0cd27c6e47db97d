namespace Portal.Prompts.Api.Signals;

/// <param name="Subject">A key's id, or an address.</param>
/// <param name="AccountId">Whose key it was, the latest time.</param>
/// <param name="Until">When it is over unless it goes on.</param>
public sealed record AbuseSignal(SignalRule Rule, string Subject, Guid AccountId, long Count, DateTimeOffset Since, DateTimeOffset Last, DateTimeOffset Until);
