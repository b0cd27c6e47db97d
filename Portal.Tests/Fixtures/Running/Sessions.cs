using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data.Accounts;
using Portal.Payments;

namespace Portal.Tests.Fixtures.Running;

/// <summary>What somebody did before a test begins, without a browser: pages that a test is not about take longer than all that it is about.</summary>
public static class Sessions
{
    /// <summary>The cookie that signing in with a password leaves in the browser.</summary>
    public static async Task<(string Name, string Value)> SignInAsync(this PortalApp app, string email)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var person = await services.GetRequiredService<UserManager<Person>>().FindByEmailAsync(email) ?? throw new InvalidOperationException($"Nobody is called {email}.");
        var user = await services.GetRequiredService<IUserClaimsPrincipalFactory<Person>>().CreateAsync(person);
        var cookies = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var ticket = new AuthenticationTicket(user, new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(1) }, IdentityConstants.ApplicationScheme);
        return (cookies.Cookie.Name!, cookies.TicketDataFormat.Protect(ticket));
    }

    /// <summary>As the portal knows them in their own account.</summary>
    public static async Task<Caller> CallerAsync(this PortalApp app, TestPerson person)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{person.Id}")]));
        return await app.Services.GetRequiredService<Callers>().Resolve(user, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"{person.Email} has no account.");
    }

    /// <summary>A top-up, paid on the gateway's page with a card that works, and settled.</summary>
    public static async Task TopUpAsync(this PortalApp app, TestPerson person, string yuan)
    {
        var (caller, cancel) = (await app.CallerAsync(person), TestContext.Current.CancellationToken);
        var page = (await app.Services.GetRequiredService<TopUps>().Start(caller, new TopUpRequest(yuan, $"{Guid.NewGuid():N}", app.Address, "en", "Credit"), cancel)).Value;
        using var client = app.NewClient();
        using var card = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("number", "4242424242424242"), KeyValuePair.Create("expiry", "12/34"), KeyValuePair.Create("cvc", "123"), KeyValuePair.Create("name", "Li Lei"),
        ]);
        using var answer = await client.PostAsync(page, card, cancel);
        var payment = (await app.Services.GetRequiredService<PaymentHistory>().Read(caller, caller.AccountId, 1, cancel)).Value[0].Id;
        await app.Services.GetRequiredService<Reconciler>().Check(caller, payment, cancel);
    }
}
