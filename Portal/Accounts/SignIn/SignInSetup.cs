using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Accounts.Trials;

namespace Portal.Accounts.SignIn;

public static class SignInSetup
{
    private static readonly string[] Kept = [Callers.AccountClaim, Callers.VisitClaim, Callers.VisitEndClaim, Callers.VisitIdClaim];

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<IdentityErrorDescriber, IdentityWords>();
        builder.Services.AddSingleton<UnknownAddresses>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddSingleton<SignInLog>();
        builder.Services.AddOptions<TrialOptions>().Bind(builder.Configuration.GetSection(TrialOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IPostConfigureOptions<TrialOptions>, TrialOptionsCheck>();
        builder.Services.AddSingleton<IValidateOptions<TrialOptions>, TrialOptionsCheck>();
        builder.Services.AddSingleton<TrialDevice>();
        builder.Services.AddSingleton<TrialKeys>();
        builder.Services.AddSingleton<TrialCredit>();
        builder.Services.AddScoped<SignInDesk>();
        builder.Services.AddRateLimiter(StrangerLimits.Configure);
        builder.Services.AddScoped<PasswordDesk>();
        builder.Services.AddScoped<AddressDesk>();
        builder.Services.AddSingleton<ProfileDesk>();
        builder.Services.AddSingleton<Mail.OwnAddress>();
        builder.Services.AddSingleton<Mail.LetterLinks>();
        builder.Services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        builder.Services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromDays(1));

        // A cookie is renewed now and then with the person's claims alone; the chosen account and a visit must outlive that.
        builder.Services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromMinutes(5);
            options.OnRefreshingPrincipal = context =>
            {
                if (context.NewPrincipal?.Identities.FirstOrDefault() is { } identity)
                    identity.AddClaims(context.CurrentPrincipal?.Claims.Where(claim => Kept.Contains(claim.Type)).Select(claim => claim.Clone()) ?? []);
                return Task.CompletedTask;
            };
        });
    }
}
