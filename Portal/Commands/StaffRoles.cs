using Microsoft.AspNetCore.Identity;
using Portal.Accounts;

namespace Portal.Commands;

/// <summary>The rows of the staff's roles; nobody has them until a command grants one.</summary>
internal static class StaffRoles
{
    public static async Task Ensure(RoleManager<IdentityRole<Guid>> roles)
    {
        foreach (var name in Roles.Staff.Split(','))
        {
            if (!await roles.RoleExistsAsync(name))
            {
                await roles.CreateAsync(new IdentityRole<Guid>(name) { Id = Guid.CreateVersion7() });
            }
        }
    }
}
