using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Components.Layout;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Layout;

public sealed class RedirectToLoginTests : ComponentTest
{
    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "account/login?returnUrl=%2Fusage")]
    public async Task Whose_visit_is_over_is_led_to_their_own_pages_and_whoever_is_not_known_to_sign_in(bool known, string path)
    {
        await using var database = await TestDatabase.CreateAsync();
        var (_, seat) = await Books.OpenAccount(database.Factory, Time);
        Services.AddSingleton<IDbContextFactory<PortalDb>>(database.Factory).AddSingleton<Callers>();
        this.AddAuthorization().SetAuthorized("staff").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, $"{(known ? seat.PersonId : Guid.NewGuid())}"), new Claim(Callers.VisitClaim, $"{Guid.NewGuid()}"),
            new Claim(Callers.VisitIdClaim, $"{Guid.NewGuid()}"), new Claim(Callers.VisitEndClaim, $"{Time.GetUtcNow().ToUnixTimeSeconds()}"));
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/usage");

        var page = Render<RedirectToLogin>();

        page.WaitForAssertion(() => Assert.Equal($"{navigation.BaseUri}{path}", navigation.Uri));
    }
}
