using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Identity;
using Portal.Components;
using Portal.Data.Accounts;

namespace Portal.Commands.Bench;

/// <summary>
/// Draws every page of the portal as its circuit does, from the route to the finished markup with all that it reads,
/// and takes the time. What the network and the browser add is not in it.
/// </summary>
public sealed class PageBench(IServiceProvider services)
{
    private const int WarmUps = 3;
    private const string Root = "http://localhost/";
    private static readonly string[] Seen = ["customer@demo.example", "owner@school.example", "student@school.example", "admin@demo.example"];

    private readonly TimeProvider clock = services.GetRequiredService<TimeProvider>();

    /// <summary>Paths of the pages that a circuit draws; those that need a key in their path are left out.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        .. typeof(App).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("Portal.Components.Pages.", StringComparison.Ordinal) == true)
            .Where(t => t.GetCustomAttribute<AllowAnonymousAttribute>() is null && t.GetCustomAttribute<ExcludeFromInteractiveRoutingAttribute>() is null)
            .SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)
            .Where(path => !path.Contains('{', StringComparison.Ordinal) && !path.StartsWith("/account/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    public async Task<IReadOnlyList<PageTiming>> Measure(int requests, CancellationToken cancel)
    {
        var timings = new List<PageTiming>();
        foreach (var email in Seen)
        {
            var user = await Principal(email);
            foreach (var path in Paths)
            {
                var failed = false;
                var times = new List<TimeSpan>();
                for (var i = -WarmUps; i < requests; i++)
                {
                    cancel.ThrowIfCancellationRequested();
                    var start = clock.GetTimestamp();
                    failed |= !(await Draw(path, user)).Contains("<h1", StringComparison.Ordinal);
                    if (i >= 0)
                    {
                        times.Add(clock.GetElapsedTime(start));
                    }
                }

                times.Sort();
                timings.Add(new PageTiming(path, email, At(times, 50), At(times, 95), failed));
            }
        }

        return timings;
    }

    private static TimeSpan At(List<TimeSpan> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, ((sorted.Count * percent) + 99) / 100 - 1)];

    private async Task<ClaimsPrincipal> Principal(string email)
    {
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var person = await people.FindByEmailAsync(email) ?? throw new InvalidOperationException($"{email} is missing.");
        return await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<Person>>().CreateAsync(person);
    }

    private async Task<string> Draw(string path, ClaimsPrincipal user)
    {
        await using var scope = services.CreateAsyncScope();
        var inside = scope.ServiceProvider;
        ((IHostEnvironmentNavigationManager)inside.GetRequiredService<NavigationManager>()).Initialize(Root, Root + path.TrimStart('/'));
        ((IHostEnvironmentAuthenticationStateProvider)inside.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
        await using var renderer = new HtmlRenderer(inside, inside.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Routes>()).ToHtmlString());
    }
}
