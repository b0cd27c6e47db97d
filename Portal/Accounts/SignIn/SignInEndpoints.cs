using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Portal.Accounts.SignIn;

/// <summary>What changes who a browser is: plain posts, answered by a whole new page, which tells the others when somebody left. Reading the form is what checks its antiforgery token.</summary>
public static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/logout", async (IFormCollection _, SignInDesk desk) =>
        {
            await desk.SignOut();
            return Results.LocalRedirect("/account/login?left=true");
        });

        routes.MapPost("/account/switch", async ([FromForm] Guid accountId, HttpContext context, SignInDesk desk) =>
        {
            var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
            await desk.SwitchTo(context.User, accountId, session.Properties?.IsPersistent == true, context.RequestAborted);
            return Results.LocalRedirect("/");
        }).RequireAuthorization();
    }
}
