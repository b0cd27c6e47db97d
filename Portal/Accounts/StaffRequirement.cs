using Microsoft.AspNetCore.Authorization;

namespace Portal.Accounts;

/// <summary>Asks the database, not the cookie: a role that was granted or taken counts at once.</summary>
internal sealed record StaffRequirement(bool Administrators) : IAuthorizationRequirement;

internal sealed class StaffHandler(Callers callers) : AuthorizationHandler<StaffRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, StaffRequirement requirement)
    {
        if (await callers.Resolve(context.User) is { IsStaff: true } caller && (caller.IsAdministrator || !requirement.Administrators)) context.Succeed(requirement);
    }
}
