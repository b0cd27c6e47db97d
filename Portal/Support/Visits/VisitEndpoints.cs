using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Portal.Accounts;
using Portal.Accounts.SignIn;

namespace Portal.Support.Visits;

/// <summary>Beginning and ending a visit changes who a browser is: plain posts, answered by a whole new page.</summary>
public static class VisitEndpoints
{
    public const string StartPath = "/desk/visit";
    public const string EndPath = "/visit/end";

    public static void MapVisits(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(StartPath, async ([FromForm] Guid accountId, [FromForm] string? reason, HttpContext http, Callers callers, CustomerVisits visits, SignInDesk desk) =>
        {
            if (await callers.Resolve(http.User, http.RequestAborted) is not { } caller)
            {
                return Results.NotFound();
            }

            if (!(await visits.Start(caller, accountId, reason ?? "", http.RequestAborted)).IsDone(out var refusal, out var visit))
            {
                return refusal == Refusal.NotFound ? Results.NotFound() : Results.LocalRedirect($"/desk/{accountId}");
            }

            await desk.Visit(http.User, accountId, visit.Id, visit.Until, await IsPersistent(http));
            return Results.LocalRedirect("/");
        }).RequireAuthorization();

        routes.MapPost(EndPath, async (IFormCollection _, HttpContext http, CustomerVisits visits, SignInDesk desk) =>
        {
            if (Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var staff) && Guid.TryParse(http.User.FindFirstValue(Callers.VisitIdClaim), out var visit))
            {
                await visits.End(staff, visit, http.RequestAborted);
            }

            var account = Guid.TryParse(http.User.FindFirstValue(Callers.VisitClaim), out var visited) ? visited : (Guid?)null;
            await desk.EndVisit(http.User, await IsPersistent(http));
            return Results.LocalRedirect(account is null ? "/" : $"/desk/{account}");
        }).RequireAuthorization().WithMetadata(new SeenOnVisitsAttribute());
    }

    private static async Task<bool> IsPersistent(HttpContext http) =>
        (await http.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Properties?.IsPersistent == true;
}
