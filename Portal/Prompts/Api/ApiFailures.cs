using Microsoft.AspNetCore.Diagnostics;
using Portal.Prompts.Api.Account;

namespace Portal.Prompts.Api;

/// <summary>What a program is told of an exception: that there was one, in the shape that it reads. The log has the rest.</summary>
public sealed class ApiFailures(ApiErrors errors) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path is that of the error page by now.
        var path = new PathString(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path);
        if (!path.StartsWithSegments(PromptApiSetup.Root, StringComparison.OrdinalIgnoreCase) && !path.StartsWithSegments(AccountApiSetup.Root, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        await errors.Write(httpContext, new Refusal("api.failed"));
        return true;
    }
}
