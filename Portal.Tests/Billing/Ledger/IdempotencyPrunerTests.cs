using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger;

public sealed class IdempotencyPrunerTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_outcome_is_kept_for_thirty_days_and_the_marker_of_a_commit_for_one(DatabaseProvider provider)
    {
        var time = new FakeTime(Now);
        await using var database = await TestDatabase.CreateAsync(provider);
        var (account, _) = await Books.OpenAccount(database.Factory, time);
        var pruner = new IdempotencyPruner(database.Factory, time);
        var ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        Assert.Null((await ledger.Apply(TopUp(account.Id, 1000, "topup"))).Refusal);

        time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await pruner.Prune(TestContext.Current.CancellationToken));
        await using var db = database.Open();
        Assert.Equal(0, await db.LedgerCommits.CountAsync(TestContext.Current.CancellationToken));
        Assert.True((await ledger.Apply(TopUp(account.Id, 1000, "topup"))).Value.Replayed);

        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await pruner.Prune(TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_a_daily_cap_counted_is_forgotten_when_the_day_is_over_everywhere_and_nothing_of_it_is_held(DatabaseProvider provider)
    {
        var cancel = TestContext.Current.CancellationToken;
        var time = new FakeTime(Now);
        await using var database = await TestDatabase.CreateAsync(provider);
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        var ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        var pruner = new IdempotencyPruner(database.Factory, time);
        await Books.TopUp(database.Factory, time, account.Id, 100m);
        foreach (var window in Enum.GetValues<CapWindow>())
            await Done(new SetCap(account.Id, account.Id, CapMeter.Tokens, window, 500));
        var open = await Ask(30, settled: false);
        time.Advance(TimeSpan.FromDays(1));
        await Ask(20, settled: true);
        time.Advance(TimeSpan.FromDays(3));
        await Ask(10, settled: true);

        await pruner.Prune(cancel);
        Assert.Equal([30, 10], await Days());
        await Done(new ExpireHold(account.Id, open));
        await pruner.Prune(cancel);

        Assert.Equal([10], await Days());
        await using var db = database.Open();
        Assert.Equal(2, await db.Counters.CountAsync(c => c.Key.StartsWith("cap:") && !c.Key.StartsWith("cap:day:"), cancel));
        await Books.AssertClean(database.Factory, time);
        Assert.Empty((await new BookVerifier(database.Factory, time).Verify(since: time.GetUtcNow().AddDays(-1), cancel: cancel)).Findings);

        async Task<Guid> Ask(long tokens, bool settled)
        {
            var prompt = Hold(account.Id, Guid.NewGuid(), tokens, seat.Id) with { Windows = UsageWindows.At(time.GetUtcNow(), TimeZoneInfo.Utc, null) };
            await Done(prompt);
            if (settled) await Done(new SettlePrompt(account.Id, prompt.HoldId, MeteredUsage.Text(0, tokens), End));
            return prompt.HoldId;
        }

        async Task Done(LedgerCommand command) => Assert.Null((await ledger.Apply(command)).Refusal);

        async Task<List<long>> Days()
        {
            await using var db = database.Open();
            return await db.Counters.Where(c => c.Key.StartsWith("cap:day:")).OrderBy(c => c.Key).Select(c => c.Used + c.Held).ToListAsync(cancel);
        }
    }
}
