using Microsoft.AspNetCore.Authorization;

namespace Portal.Accounts;

/// <summary>Keeps a visit to the pages that are made for it: a customer's prompts, keys and letters are none of them.</summary>
internal sealed record VisitRequirement : IAuthorizationRequirement;

internal sealed class VisitHandler(Callers callers) : AuthorizationHandler<VisitRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, VisitRequirement requirement)
    {
        if (IsSeen(context.Resource) || !context.User.HasClaim(claim => claim.Type == Callers.VisitClaim) || await callers.Resolve(context.User) is { ReadOnly: false })
        {
            context.Succeed(requirement);
        }
    }

    /// <summary>What is asked for: an endpoint over HTTP, a page inside a circuit; a part of a page that asks whether somebody is signed in names nothing.</summary>
    private static bool IsSeen(object? resource) => resource switch
    {
        HttpContext http => http.GetEndpoint()?.Metadata.GetMetadata<SeenOnVisitsAttribute>() is not null,
        Microsoft.AspNetCore.Components.RouteData page => page.PageType.IsDefined(typeof(SeenOnVisitsAttribute), inherit: false),
        null => true,
        _ => false,
    };
}
