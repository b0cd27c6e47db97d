using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.SignIn;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class CircuitSessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_does_not_answer_ends_no_open_page()
    {
        await using var page = new OpenPage(new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(TestRun.Folder, "nowhere", "portal.db")}"));

        await Task.WhenAny(page.SignedOut, page.Asked(3));

        Assert.False(page.SignedOut.IsCompleted);
    }

    [Fact]
    public async Task Whoever_is_gone_is_signed_out_of_open_pages()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var page = new OpenPage(database.Factory);

        await page.SignedOut.WaitAsync(Cancel);
    }

    /// <summary>A page of somebody signed in, whose session is looked at again and again.</summary>
    private sealed class OpenPage : IAsyncDisposable
    {
        private readonly SemaphoreSlim asked = new(0);
        private readonly TaskCompletionSource signedOut = new();
        private readonly ServiceProvider services;
        private readonly CircuitSession session;

        public OpenPage(PortalDbFactory database)
        {
            var made = new ServiceCollection();
            made.AddLogging();
            made.AddScoped(_ =>
            {
                asked.Release();
                return database.CreateDbContext();
            });
            made.AddIdentityCore<Person>().AddRoles<IdentityRole<Guid>>().AddEntityFrameworkStores<PortalDb>();
            services = made.BuildServiceProvider();
            session = new CircuitSession(
                NullLoggerFactory.Instance, services.GetRequiredService<IServiceScopeFactory>(),
                Options.Create(new SecurityStampValidatorOptions { ValidationInterval = TimeSpan.FromMilliseconds(1) }), Options.Create(new IdentityOptions()));
            session.AuthenticationStateChanged += async state =>
            {
                if ((await state).User.Identity?.IsAuthenticated != true) signedOut.TrySetResult();
            };
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{Guid.NewGuid()}")], IdentityConstants.ApplicationScheme));
            session.SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
        }

        public Task SignedOut => signedOut.Task;

        public async Task Asked(int times)
        {
            for (var i = 0; i < times; i++) await asked.WaitAsync(Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            ((IDisposable)session).Dispose();
            await services.DisposeAsync();
            asked.Dispose();
        }
    }
}
