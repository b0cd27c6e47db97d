using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.Trials;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Trials;

public sealed class TrialCreditTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_confirmations_at_once_grant_it_once_and_it_expires_by_itself(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await RegisterAsync(scene, "ada@example.org", "browser");
        await ConfirmAsync(scene, ada);

        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Trial(scene).Decide(ada.PersonId)));

        Assert.All(told, t => Assert.Equal((5m, null), (t!.Granted.Amount, t.Reason)));
        Assert.Equal(5m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        await using var db = scene.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(a => a.Action == "trial.granted"));
        await scene.AssertBooksAsync();

        scene.Time.Advance(TimeSpan.FromDays(30));
        await scene.ExpireAsync();
        Assert.Equal(0, (await scene.WalletAsync(ada.AccountId)).Spendable.Nanos);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Nothing_is_granted_before_the_address_is_confirmed_and_the_job_finds_what_was_left()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await RegisterAsync(scene, "ada@example.org", "browser");

        Assert.Null(await Trial(scene).Decide(ada.PersonId));
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await Trial(scene).DecideLeftovers());
        await ConfirmAsync(scene, ada);
        Assert.Equal(1, await Trial(scene).DecideLeftovers());
        Assert.Equal(0, await Trial(scene).DecideLeftovers());

        Assert.Equal(5m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
    }

    [Fact]
    public async Task One_that_cannot_be_decided_keeps_nobody_else_waiting_and_is_tried_again()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob) = (await RegisterAsync(scene, "ada@example.org", "one"), await RegisterAsync(scene, "bob@example.org", "two"));
        await ConfirmAsync(scene, ada);
        await ConfirmAsync(scene, bob);
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        await LeaveAsync(scene.Time.GetUtcNow());

        Assert.Equal(1, await Trial(scene).DecideLeftovers());
        Assert.Equal(5m, (await scene.WalletAsync(bob.AccountId)).Spendable.Amount);

        await LeaveAsync(null);
        Assert.Equal(1, await Trial(scene).DecideLeftovers());
        Assert.Equal(5m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);

        async Task LeaveAsync(DateTimeOffset? at)
        {
            await using var db = scene.Open();
            await db.Memberships.Where(m => m.PersonId == ada.PersonId).ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, at));
        }
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_alias_a_browser_and_a_network_get_it_no_more_often_than_they_may_even_at_once(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);

        Assert.Null((await DecideAsync(scene, "ada@gmail.com", "one", "198.51.100.7"))!.Reason);
        Assert.Equal("mailbox", (await DecideAsync(scene, "a.d.a+2@googlemail.com", "two", "198.51.100.8"))!.Reason);
        Assert.Equal("device", (await DecideAsync(scene, "bob@example.org", "one", "198.51.100.9"))!.Reason);

        var many = new List<Caller>();
        for (var i = 0; i < 5; i++)
        {
            var caller = await RegisterAsync(scene, $"person{i}@example.org", $"device{i}", "203.0.113.9");
            await ConfirmAsync(scene, caller);
            many.Add(caller);
        }

        var told = await Task.WhenAll(many.Select(m => Trial(scene).Decide(m.PersonId)));
        Assert.Equal((3, 2), (told.Count(t => t!.Reason is null), told.Count(t => t!.Reason == "network")));

        scene.Time.Advance(TimeSpan.FromHours(25));
        Assert.Null((await DecideAsync(scene, "late@example.org", "late", "203.0.113.9"))!.Reason);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_day_has_an_end_and_what_was_refused_stays_refused()
    {
        await using var scene = await BillingScene.CreateAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.Null((await DecideAsync(scene, $"person{i}@example.org", $"device{i}"))!.Reason);
        }

        var late = await RegisterAsync(scene, "late@example.org", "late");
        await ConfirmAsync(scene, late);
        Assert.Equal("day", (await Trial(scene).Decide(late.PersonId))!.Reason);
        scene.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("day", (await Trial(scene).Decide(late.PersonId))!.Reason);
        Assert.Equal(0, (await scene.WalletAsync(late.AccountId)).Spendable.Nanos);
    }

    [Fact]
    public async Task Switched_off_it_remembers_nothing()
    {
        await using var scene = await BillingScene.CreateAsync();
        var person = new Person { Id = Guid.NewGuid(), Email = "ada@example.org" };

        Assert.Null(await Trial(scene, amount: 0).Claim(person, new TrialSignals("one", null)));
        Assert.Null(await Trial(scene, amount: 0).Decide(person.Id));
    }

    private static TrialCredit Trial(BillingScene scene, decimal amount = 5) => new(
        scene.Ledger, scene.Databases, new TrialKeys(scene.Databases, scene.Time),
        Options.Create(new TrialOptions { Amount = amount, Days = 30, PerDevice = 1, PerNetworkDay = 3, PerDay = 4 }), scene.Time, NullLogger<TrialCredit>.Instance);

    private static async Task<TrialOutcome?> DecideAsync(BillingScene scene, string email, string device, string? address = null)
    {
        var caller = await RegisterAsync(scene, email, device, address);
        await ConfirmAsync(scene, caller);
        return await Trial(scene).Decide(caller.PersonId);
    }

    private static async Task<Caller> RegisterAsync(BillingScene scene, string email, string device, string? address = null)
    {
        var caller = await scene.OpenAccountAsync();
        await using var db = scene.Open();
        var person = await db.Users.SingleAsync(p => p.Id == caller.PersonId);
        (person.Email, person.EmailConfirmed) = (email, false);
        db.TrialClaims.Add((await Trial(scene).Claim(person, TrialSignals.Of(device, address is null ? null : IPAddress.Parse(address))))!);
        await db.SaveChangesAsync();
        return caller;
    }

    private static async Task ConfirmAsync(BillingScene scene, Caller caller)
    {
        await using var db = scene.Open();
        await db.Users.Where(p => p.Id == caller.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailConfirmed, true));
    }
}
