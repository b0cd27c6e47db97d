using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
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
        var (account, seat) = await Books.OpenAccount(database.Factory, Time);
        var pill = Pill(database, seat);
        pill.WaitForAssertion(() => Assert.Equal("¥0.00", pill.Find(".money").TextContent));

        await Books.TopUp(database.Factory, Time, account.Id, 20m, events);
        await Books.TopUp(database.Factory, Time, account.Id, 5m, events);

        pill.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("¥25.00", pill.Find(".money").TextContent);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whose_right_to_the_balance_ended_sees_none_when_it_changes(bool removed)
    {
        await using var database = await TestDatabase.CreateAsync();
        var (account, seat) = await Books.OpenAccount(database.Factory, Time, AccountKind.Organisation);
        var pill = Pill(database, seat);
        pill.WaitForAssertion(() => Assert.Equal("¥0.00", pill.Find(".money").TextContent));
        await using var db = database.Open();
        await db.Memberships.Where(m => m.Id == seat.Id).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.Role, MemberRole.Member).SetProperty(m => m.RemovedAt, removed ? Time.GetUtcNow() : null), Xunit.TestContext.Current.CancellationToken);

        await Books.TopUp(database.Factory, Time, account.Id, 20m, events);

        pill.WaitForAssertion(() => Assert.Empty(pill.FindAll(".pill")));
    }

    private IRenderedComponent<BalancePill> Pill(TestDatabase database, Membership seat)
    {
        Services.AddSingleton<IDbContextFactory<PortalDb>>(database.Factory).AddSingleton<WalletReader>().AddSingleton(events).AddSingleton<Callers>().AddScoped<CurrentCaller>();
        this.AddAuthorization().SetAuthorized("owner").SetClaims(new Claim(ClaimTypes.NameIdentifier, $"{seat.PersonId}"), new Claim(Callers.AccountClaim, $"{seat.AccountId}"));
        Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return Render<BalancePill>(p => p.AddCascadingValue(SomeCaller.With(MemberRole.Owner, seat.AccountId)));
    }
}
