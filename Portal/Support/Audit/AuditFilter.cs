namespace Portal.Support.Audit;

/// <summary>Which entries of the audit are asked for; what is null or empty is not asked.</summary>
/// <param name="Person">A part of the e-mail address of whoever did it.</param>
/// <param name="Action">What an action begins with, e.g. <c>refund.</c>.</param>
/// <param name="Account">An account's id, or a part of its name.</param>
/// <param name="Day">By the clock of the caller's account.</param>
public sealed record AuditFilter(string? Person = null, string? Action = null, string? Account = null, DateOnly? Day = null);
