using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Accounts.Budgets;
using Portal.Accounts.Keys;
using Portal.Accounts.Members;
using Portal.Accounts.Projects;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts;

public static class AccountsSetup
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddIdentityCore<Person>(options =>
        {
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            options.SignIn.RequireConfirmedAccount = true;
            options.User.RequireUniqueEmail = true;

            // A name is an address, and what is one is known: an apostrophe is no reason to turn somebody away.
            options.User.AllowedUserNameCharacters = "";
            options.Password.RequiredLength = 10;
            options.Password.RequireNonAlphanumeric = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireDigit = false;
            options.Lockout.MaxFailedAccessAttempts = 5;
        }).AddRoles<IdentityRole<Guid>>().AddEntityFrameworkStores<PortalDb>().AddSignInManager().AddDefaultTokenProviders()
            .AddTokenProvider<InvitationTokens>(InvitationTokens.Provider);
        services.ConfigureApplicationCookie(options =>
        {
            options.LoginPath = "/account/login";
            options.LogoutPath = "/account/logout";
            options.AccessDeniedPath = "/account/denied";
            options.Events.OnRedirectToAccessDenied = AnswerDenied;
        });
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new VisitRequirement()).Build())
            .AddPolicy(StaffOnlyAttribute.StaffPolicy, policy => policy.RequireAuthenticatedUser().AddRequirements(new StaffRequirement(Administrators: false)))
            .AddPolicy(StaffOnlyAttribute.AdministratorsPolicy, policy => policy.RequireAuthenticatedUser().AddRequirements(new StaffRequirement(Administrators: true)));
        services.AddSingleton<IAuthorizationHandler, StaffHandler>();
        services.AddSingleton<IAuthorizationHandler, VisitHandler>();

        services.AddDataProtection().SetApplicationName("Portal");
        services.AddSingleton<DatabaseKeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<DatabaseKeyRing>()));

        services.AddSingleton<ApiKeys>();
        services.AddSingleton<KeyDoor>();
        services.AddSingleton<Callers>();
        services.AddScoped<CurrentCaller>();

        services.AddSingleton<ProjectDesk>();
        services.AddSingleton<BudgetDesk>();

        services.AddSingleton<Organisations>();
        services.AddSingleton<MemberReader>();
        services.AddSingleton<SeatAllocator>();
        services.AddSingleton<RemovedSeats>();
        services.AddScoped<MemberDesk>();
        services.AddScoped<Invitations>();
    }

    private static Task AnswerDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaffOnlyAttribute>() is null) context.Response.Redirect(context.RedirectUri);
        else context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
