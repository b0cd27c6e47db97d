namespace Portal.Prompts.Api.Signals;

/// <param name="Name">The beginning of the key, or the address.</param>
/// <param name="Account">Its name, the latest time.</param>
public sealed record FlaggedSubject(AbuseSignal Signal, string Name, string Account);
