using System.Security.Claims;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Components.Circuits;
using Portal.Components.Layout;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Layout;

public sealed class BootTests : ComponentTest
{
    [Fact]
    public async Task F24_A_page_that_gets_no_circuit_says_so_until_another_is_closed()
    {
        await using var database = await TestDatabase.CreateAsync();
        var circuits = new OpenCircuits();
        Services.AddSingleton<IDbContextFactory<PortalDb>>(database.Factory).AddSingleton<Callers>().AddScoped<CurrentCaller>().AddSingleton(circuits);
        this.AddAuthorization().SetAuthorized("ada").SetClaims(new Claim(ClaimTypes.NameIdentifier, "ada"));
        for (var i = 0; i < OpenCircuits.OfPersonMax; i++) circuits.TryAdd("ada", OpenCircuits.OfPersonMax);

        var boot = Render<Boot>();
        boot.WaitForAssertion(() => Assert.Contains("too many tabs", boot.Find("main").TextContent, StringComparison.Ordinal));
        Assert.Empty(boot.FindAll("main .loading"));

        circuits.Remove("ada");
        boot = Render<Boot>();
        Assert.DoesNotContain("too many tabs", boot.Find("main").TextContent, StringComparison.Ordinal);
    }
}
