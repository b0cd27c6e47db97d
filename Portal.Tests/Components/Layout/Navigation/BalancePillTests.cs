using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Billing.Ledger;
using Portal.Components.Layout.Navigation;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Layout.Navigation;

public sealed class BalancePillTests : ComponentTest
{
    private readonly WalletEvents events = new();

    [Fact]
    public async Task The_balance_follows_the_ledger_without_a_reload()
    {
        await using var database = await TestDatabase.CreateAsync();
        Services.AddSingleton<IDbContextFactory<PortalDb>>(database.Factory).AddSingleton<WalletReader>().AddSingleton(events);
        Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var (account, _) = await Books.OpenAccount(database.Factory, Time);

        var pill = Render<BalancePill>(p => p.AddCascadingValue(SomeCaller.With(MemberRole.Owner, account.Id)));
        pill.WaitForAssertion(() => Assert.Equal("¥0.00", pill.Find(".money").TextContent));

        await Books.TopUp(database.Factory, Time, account.Id, 20m, events);
        await Books.TopUp(database.Factory, Time, account.Id, 5m, events);

        pill.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("¥25.00", pill.Find(".money").TextContent);
        });
    }
}
