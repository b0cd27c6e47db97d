using Microsoft.AspNetCore.Components.Authorization;

namespace Portal.Accounts;

/// <summary>The caller of a page's circuit. Ask again before every command: rights may have changed since the page was drawn.</summary>
public sealed class CurrentCaller(AuthenticationStateProvider authentication, Callers callers)
{
    /// <returns>Null when nobody is signed in, or no longer may be.</returns>
    public async Task<Caller?> Find(CancellationToken cancel = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return await callers.Resolve(state.User, cancel);
    }

    /// <exception cref="CallerGoneException">The person was signed out, locked out or removed while the page was open.</exception>
    public async Task<Caller> Get(CancellationToken cancel = default) => await Find(cancel) ?? throw new CallerGoneException();
}
