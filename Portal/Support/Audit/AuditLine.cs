namespace Portal.Support.Audit;

/// <summary>An entry of the audit with the names that belong to its ids.</summary>
/// <param name="Person">The e-mail address of whoever did it; null: the portal itself, or somebody who is gone.</param>
/// <param name="Account">The account's name.</param>
/// <param name="Sequence">Its place in the chain; null until it is sealed.</param>
public sealed record AuditLine(
    long Id, DateTimeOffset At, string? Person, string Action, Guid? AccountId, string? Account, string Subject, string Detail, string? Before, string? After, string? Reason,
    long? Sequence, string? Hash);

/// <summary>A page of the audit, newest first.</summary>
/// <param name="More">Whether older ones follow.</param>
public sealed record AuditPage(IReadOnlyList<AuditLine> Lines, bool More);
