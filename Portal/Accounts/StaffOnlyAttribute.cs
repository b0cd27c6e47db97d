using Microsoft.AspNetCore.Authorization;

namespace Portal.Accounts;

/// <summary>A page for support and administrators, or for administrators alone; for everybody else there is no such page.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StaffOnlyAttribute(bool administrators = false) : AuthorizeAttribute(administrators ? AdministratorsPolicy : StaffPolicy)
{
    public const string StaffPolicy = "staff";
    public const string AdministratorsPolicy = "administrators";

    public bool Administrators => administrators;
}
