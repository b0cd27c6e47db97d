using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Data.Accounts;

namespace Portal.Accounts.SignIn;

/// <summary>
/// Ends an open page's session after the person's password changed elsewhere: a page holds one connection and sends no
/// cookie that could be checked. A database that does not answer ends nobody's: whoever does something asks it again.
/// </summary>
public sealed class CircuitSession(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<SecurityStampValidatorOptions> options, IOptions<IdentityOptions> identity)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => options.Value.ValidationInterval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        try
        {
            return await people.GetUserAsync(authenticationState.User) is { } person
                && authenticationState.User.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) == await people.GetSecurityStampAsync(person);
        }
        catch (Exception cause) when (LedgerFailure.IsDatabase(cause))
        {
            return true;
        }
    }
}
