using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
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
}
