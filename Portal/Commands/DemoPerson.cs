using Portal.Data.Accounts;

namespace Portal.Commands;

/// <summary>Somebody to try the portal as. All have <see cref="DemoPeople.Password"/>.</summary>
/// <param name="Role">What the JSON of <c>demo</c> calls them.</param>
/// <param name="Seat">Their role in Demo School; null: they have a personal account.</param>
/// <param name="StaffRole">One of <see cref="Accounts.Roles"/>.</param>
public sealed record DemoPerson(string Email, string Name, string Role, MemberRole? Seat = null, string? StaffRole = null);

/// <summary>A demo person as <c>demo</c> prints them.</summary>
public sealed record DemoAccess(string Email, string Password, string Role, Guid AccountId, string ApiKey);
