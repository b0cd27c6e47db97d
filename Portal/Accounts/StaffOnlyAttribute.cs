using Microsoft.AspNetCore.Authorization;

namespace Portal.Accounts;

/// <summary>A page for support and administrators; for everybody else there is no such page.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StaffOnlyAttribute() : AuthorizeAttribute(PolicyName)
{
    public const string PolicyName = "staff";
}
