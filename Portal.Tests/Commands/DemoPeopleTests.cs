using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Accounts.Members;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Commands;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Commands;

public sealed class DemoPeopleTests : IAsyncDisposable
{
    private MemberScene scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Everyone_is_made_once_with_what_they_need_and_the_books_balance(DatabaseProvider provider)
    {
        scene = await MemberScene.Empty(provider);
        var demo = scene.Get<DemoPeople>();

        await demo.Ensure(Cancel);
        var first = await Rows();
        await demo.Ensure(Cancel);

        Assert.Equal(first, await Rows());
        var people = scene.Get<UserManager<Person>>();
        foreach (var one in DemoPeople.All)
        {
            Assert.True(await people.CheckPasswordAsync((await people.FindByEmailAsync(one.Email))!, DemoPeople.Password));
        }

        await using var db = scene.Open();
        var school = await db.Accounts.SingleAsync(a => a.Name == DemoPeople.School, Cancel);
        Assert.True(await db.Subscriptions.AnyAsync(s => s.AccountId == school.Id && s.Status == SubscriptionStatus.Active, Cancel));
        var wallet = await scene.Get<WalletReader>().Read(school.Id, Cancel);
        Assert.Equal((1000, 50), (wallet.Available(Unit.Images, LedgerCodes.Pool), wallet.Available(Unit.Images, LedgerCodes.Seat)));
        await scene.AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_reset_mends_what_was_changed_and_its_keys_replace_the_last_ones(DatabaseProvider provider)
    {
        scene = await MemberScene.Empty(provider);
        var demo = scene.Get<DemoPeople>();
        var before = await demo.Reset(Cancel);
        await using (var db = scene.Open())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(p => p.PasswordHash, "other").SetProperty(p => p.LockoutEnd, scene.Time.GetUtcNow().AddDays(9)), Cancel);
            await db.Memberships.Where(m => m.Role == MemberRole.Member).ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, scene.Time.GetUtcNow()), Cancel);
            await db.UserRoles.ExecuteDeleteAsync(Cancel);
        }

        var after = await demo.Reset(Cancel);

        Assert.Equal(before.Select(a => a with { ApiKey = "" }), after.Select(a => a with { ApiKey = "" }));
        var door = scene.Get<KeyDoor>();
        foreach (var (old, one) in before.Zip(after))
        {
            Assert.Equal("api.key-revoked", (await door.Open(old.ApiKey, Cancel)).Refusal?.Code);
            var caller = (await door.Open(one.ApiKey, Cancel)).Value;
            Assert.Equal((one.Email, one.AccountId), (caller.Email, caller.AccountId));
        }

        await using var again = scene.Open();
        Assert.Equal(2, await again.UserRoles.CountAsync(Cancel));
        await scene.AssertBooks();
    }

    [Fact]
    public async Task The_command_prints_the_people_as_json_and_nothing_else()
    {
        scene = await MemberScene.Empty(DatabaseProvider.Sqlite);
        var (output, errors) = (new StringWriter(), new StringWriter());

        Assert.Equal(0, await DemoCommand.Run(scene.Services, output, errors, Cancel));

        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal(["customer", "owner", "student", "support", "administrator"], json.RootElement.EnumerateArray().Select(p => p.GetProperty("role").GetString()));
        Assert.All(json.RootElement.EnumerateArray(), p =>
            Assert.Equal(["email", "password", "role", "accountId", "apiKey"], p.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("", errors.ToString());
    }

    [Fact]
    public async Task In_production_there_are_no_demo_people()
    {
        scene = await MemberScene.Empty(DatabaseProvider.Sqlite, "Production");
        var (output, errors) = (new StringWriter(), new StringWriter());

        Assert.Equal(2, await DemoCommand.Run(scene.Services, output, errors, Cancel));

        Assert.Equal("", output.ToString());
        Assert.Contains("Development only", errors.ToString(), StringComparison.Ordinal);
        await using var db = scene.Open();
        Assert.False(await db.Users.AnyAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
    }

    private async Task<(int People, int Accounts, int Transfers, int Subscriptions)> Rows()
    {
        await using var db = scene.Open();
        return (await db.Users.CountAsync(Cancel), await db.Accounts.CountAsync(Cancel), await db.Transfers.CountAsync(Cancel), await db.Subscriptions.CountAsync(Cancel));
    }
}
