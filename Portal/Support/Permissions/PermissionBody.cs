namespace Portal.Support.Permissions;

/// <summary>Who could do what at the end of a month, and what had changed in it. Everybody also owns their personal account, which is not listed.</summary>
/// <param name="Accounts">The rights of organisations' owners and billing administrators.</param>
/// <param name="Organisations">With their members, who may draw on a seat and no more.</param>
public sealed record PermissionBody(
    IReadOnlyList<StaffRight> Staff, IReadOnlyList<AccountRight> Accounts, IReadOnlyList<OrganisationSize> Organisations, IReadOnlyList<RightChange> Changes);

/// <param name="LastUsed">When they last signed in or did something that the audit knows of; null: not in the time that is remembered.</param>
/// <param name="Unused">Not in that month.</param>
public sealed record StaffRight(string Email, string Name, string Roles, bool Locked, DateTimeOffset? LastUsed, bool Unused);

public sealed record AccountRight(Guid AccountId, string Account, string Email, string Role, DateTimeOffset Since);

public sealed record OrganisationSize(Guid AccountId, string Account, int Members);

/// <param name="By">The e-mail address of whoever did it; null: the portal itself, or somebody who is gone.</param>
public sealed record RightChange(DateTimeOffset At, string? By, string Action, string? Account, string Detail, string? Before, string? After, string? Reason);
