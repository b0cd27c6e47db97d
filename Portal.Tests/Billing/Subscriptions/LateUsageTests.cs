using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using Portal.Usage;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>Prompts that are asked in one period and settled in the next, such as lines of a batch that waits.</summary>
public sealed class LateUsageTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B21_late_usage_lands_in_the_open_period_and_says_so(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        var before = (await scene.Subscriptions.Current(ada.AccountId))!;
        var (late, own) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        scene.Time.SetUtcNow(before.PeriodEnd.AddMinutes(-1));
        await HoldAsync(scene, ada, late, before.PeriodStart);
        scene.Time.SetUtcNow(before.PeriodEnd);
        await scene.RenewAsync();
        await scene.ExpireAsync();
        scene.Time.Advance(TimeSpan.FromMinutes(5));
        await HoldAsync(scene, ada, own, before.PeriodEnd);
        foreach (var prompt in new[] { late, own }) Assert.Null((await scene.Ledger.Apply(new SettlePrompt(ada.AccountId, prompt, Picture, new PromptEnd("stop", 900)))).Refusal);

        // The old allowance pays for it, the new one is whole but for what was asked since, and the report of the open period has both.
        var requests = new UsageRequests(scene.Databases, scene.Time);
        Assert.Equal(before.PeriodEnd, await requests.LateFor(ada, late));
        Assert.Null(await requests.LateFor(ada, own));
        Assert.Null(await requests.LateFor(await scene.OpenAccountAsync(), late));
        Assert.Equal(before.PeriodEnd, (await requests.Receipt(ada, late)).Value.Parts.Single().ExpiresAt);
        Assert.Equal(499, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
        var page = (await requests.Page(ada, new UsageFilter(UsageRange.Period), 0, 10)).Value;
        Assert.Equal(new HashSet<Guid> { own, late }, page.Requests.Select(r => r.Id).ToHashSet());
        await scene.ExpireAsync();
        await using var db = scene.Open();
        Assert.Equal(0, await db.LedgerAccounts.Where(a => a.Code == LedgerCodes.Allowance && a.ExpiresAt == before.PeriodEnd).SumAsync(a => a.Balance + a.Held));
        await scene.AssertBooksAsync();
    }

    private static MeteredUsage Picture => MeteredUsage.Picture(1, 1024, 1024, 9);

    private static async Task HoldAsync(BillingScene scene, Caller caller, Guid id, DateTimeOffset periodStart)
    {
        var now = scene.Time.GetUtcNow();
        await using var db = scene.Open();
        var plan = await db.Plans.SingleAsync(p => p.Key == "image-basic");
        var terms = (await scene.Catalogue.TermsFor("shapes", Unit.Images, new PriceContext(true, 0, false, now), plan)).Value;
        var held = await scene.Ledger.Apply(new HoldPrompt(
            caller.AccountId, id, new Spender(caller.ProjectId, caller.PersonId, caller.MembershipId, null), false, Picture, terms,
            UsageWindows.At(now, TimeZoneInfo.Utc, periodStart), now.AddMinutes(10), null));
        Assert.Null(held.Refusal);
    }
}
