using Microsoft.AspNetCore.Components.Authorization;

namespace Portal.Accounts;

/// <summary>The caller of a page's circuit. Ask again before every command: rights may have changed since the page was drawn.</summary>
public sealed class CurrentCaller(AuthenticationStateProvider authentication, Callers callers)
{
    private Guid? account;

    /// <returns>Null when nobody is signed in, no longer may be, or has left the account that the page was opened for.</returns>
    public async Task<Caller?> Find(CancellationToken cancel = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var caller = await callers.Resolve(state.User, cancel);
        account ??= caller?.AccountId;
        return caller?.AccountId == account ? caller : null;
    }

    /// <exception cref="CallerGoneException">The person was signed out, locked out or removed while the page was open.</exception>
    public async Task<Caller> Get(CancellationToken cancel = default) => await Find(cancel) ?? throw new CallerGoneException();
}
