using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Billing.Pools;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Pools;

public sealed class PoolDeskTests : IAsyncDisposable
{
    private readonly ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nothing_is_charged_until_everybody_has_agreed_and_then_each_its_share_with_an_invoice(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 500), await scene.OpenAccountAsync(credit: 500));
        var pool = await MakeAsync(scene, "100.01", (ada, "33.33"), (bob, "66.67"));

        Assert.Null((await Desk(scene).Accept(ada, pool)).Refusal);
        Assert.Equal(500m, await BalanceAsync(scene, ada));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Desk(scene).Accept(bob, pool)));

        Assert.Equal((466.67m, 433.32m), (await BalanceAsync(scene, ada), await BalanceAsync(scene, bob)));
        var mine = Assert.Single((await new PoolReader(scene.Databases).Mine(ada)).Value);
        Assert.Equal((ComputePoolState.Running, 33.33m), (mine.State, mine.Mine!.Share.Amount));
        await using var db = scene.Open();
        var invoices = await db.Invoices.Include(i => i.Lines).OrderBy(i => i.Number).ToListAsync();
        Assert.Equal([33.33m, 66.68m], invoices.Select(i => new Money(i.TotalNanos).Amount));
        Assert.All(invoices, i => Assert.Equal(("pool", "Our GPU"), (i.Lines.Single().Kind, i.Lines.Single().Detail)));
        await scene.AssertBooksAsync();

        await db.ComputePoolPeriods.ExecuteUpdateAsync(set => set.SetProperty(p => p.FeeNanos, p => p.FeeNanos + 1));
        await db.ComputePoolMembers.Where(m => m.Number == 1).ExecuteUpdateAsync(set => set.SetProperty(m => m.SharePercent, 33));
        await db.ComputePools.ExecuteUpdateAsync(set => set.SetProperty(p => p.PeriodEnd, scene.Time.GetUtcNow().AddYears(9)));
        Assert.Subset((await new BookVerifier(scene.Databases, scene.Time).Verify()).Findings.Select(f => f.Rule).ToHashSet(), new HashSet<string> { "pool.period", "pool.shares", "pool.running" });
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F18_Two_schedulers_charge_a_period_once_and_it_keeps_its_day(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider, new FakeTime(new DateTimeOffset(2027, 1, 31, 4, 0, 0, TimeSpan.Zero)));
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 500), await scene.OpenAccountAsync(credit: 500));
        var pool = await StartAsync(scene, "100", (ada, "50"), (bob, "50"));

        scene.Time.SetUtcNow(new DateTimeOffset(2027, 2, 28, 5, 0, 0, TimeSpan.Zero));
        await Task.WhenAll(Run(scene).Run(), Run(scene.At(scene.Time)).Run());
        await Run(scene).Run();
        scene.Time.SetUtcNow(new DateTimeOffset(2027, 3, 31, 5, 0, 0, TimeSpan.Zero));
        await Run(scene).Run();

        Assert.Equal((350m, 350m), (await BalanceAsync(scene, ada), await BalanceAsync(scene, bob)));
        await using var db = scene.Open();
        Assert.Equal([31, 28, 31], (await db.ComputePoolPeriods.Where(p => p.PoolId == pool).OrderBy(p => p.Start).ToListAsync()).Select(p => p.Start.Day));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task When_one_cannot_pay_nobody_is_charged_until_everybody_can(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 500), await scene.OpenAccountAsync(credit: 60));
        await StartAsync(scene, "100", (ada, "50"), (bob, "50"));
        scene.Time.Advance(TimeSpan.FromDays(32));

        Assert.Equal(1, await Run(scene).Run());
        Assert.Equal(0, await Run(scene).Run());
        Assert.Equal((450m, 10m), (await BalanceAsync(scene, ada), await BalanceAsync(scene, bob)));
        Assert.Equal(ComputePoolState.Unpaid, (await new PoolReader(scene.Databases).Mine(ada)).Value.Single().State);

        await scene.TopUpAsync(bob.AccountId, 40);
        Assert.Equal(1, await Run(scene).Run());
        Assert.Equal((400m, 0m), (await BalanceAsync(scene, ada), await BalanceAsync(scene, bob)));
        await using var db = scene.Open();
        Assert.Equal(scene.Time.GetUtcNow(), (await db.ComputePools.SingleAsync()).PeriodStart);

        // Each is told once that it is paused, and not who could not pay.
        Assert.Equal(2, await db.OutboxMails.CountAsync(m => m.DedupKey.StartsWith("pool.Unpaid")));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task What_stays_unpaid_for_two_weeks_ends()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 500), await scene.OpenAccountAsync());
        await StartAsync(scene, "100", (ada, "50"), (bob, "50"));

        scene.Time.Advance(PoolRun.Grace);
        Assert.Equal(1, await Run(scene).Run());

        Assert.Empty((await new PoolReader(scene.Databases).Mine(ada)).Value);
        Assert.Equal(500m, await BalanceAsync(scene, ada));
    }

    [Fact]
    public async Task Who_declines_ends_it_before_it_begins_and_who_leaves_with_the_period()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 500), await scene.OpenAccountAsync(credit: 500));
        var declined = await MakeAsync(scene, "100", (ada, "50"), (bob, "50"));
        Assert.Null((await Desk(scene).Leave(bob, declined)).Refusal);
        Assert.Equal("pool.over", (await Desk(scene).Accept(ada, declined)).Refusal?.Code);

        var left = await StartAsync(scene, "100", (ada, "50"), (bob, "50"));
        Assert.Null((await Desk(scene).Leave(bob, left)).Refusal);
        Assert.Equal((ComputePoolState.Running, true), ((await new PoolReader(scene.Databases).Mine(ada)).Value.Single().State, (await new PoolReader(scene.Databases).Mine(ada)).Value.Single().Ending));
        scene.Time.Advance(TimeSpan.FromDays(32));
        await Run(scene).Run();

        Assert.Empty((await new PoolReader(scene.Databases).Mine(ada)).Value);
        Assert.Equal((450m, 450m), (await BalanceAsync(scene, ada), await BalanceAsync(scene, bob)));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Others_find_nothing_of_it()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob, eve) = (await scene.OpenAccountAsync(), await scene.OpenAccountAsync(), await scene.OpenAccountAsync());
        var student = await scene.JoinAsync(ada, MemberRole.Member);
        var pool = await MakeAsync(scene, "100", (ada, "50"), (bob, "50"));

        Assert.Equal(Refusal.NotFound, (await Desk(scene).Accept(eve, pool)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Leave(eve, pool)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).End(eve, pool)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Make(eve, New("1", (ada, "50"), (bob, "50")))).Refusal);
        Assert.Equal(Refusal.NotFound, (await new PoolReader(scene.Databases).All(eve)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await Desk(scene).Accept(student, pool)).Refusal);
        Assert.Empty((await new PoolReader(scene.Databases).Mine(eve)).Value);
    }

    [Theory]
    [InlineData("100", "50", "49.99", "pool.shares")]
    [InlineData("100", "50", "50.001", "pool.shares")]
    [InlineData("100", "-50", "150", "pool.shares")]
    [InlineData("100", "0", "100", "pool.shares")]
    [InlineData("100", "NaN", "50", "pool.shares")]
    [InlineData("0", "50", "50", "pool.cost")]
    [InlineData("-1", "50", "50", "pool.cost")]
    [InlineData("1.005", "50", "50", "pool.cost")]
    [InlineData("1e30", "50", "50", "pool.cost")]
    [InlineData("10000000.01", "50", "50", "pool.cost")]
    public async Task Nonsense_makes_no_pool(string monthly, string first, string second, string code)
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, bob) = (await scene.OpenAccountAsync(), await scene.OpenAccountAsync());
        var admin = ada with { IsAdministrator = true };

        Assert.Equal(code, (await Desk(scene).Make(admin, New(monthly, (ada, first), (bob, second)))).Refusal?.Code);
        Assert.Equal("pool.twice", (await Desk(scene).Make(admin, New("100", (ada, "50"), (ada, "50")))).Refusal?.Code);
        Assert.Equal("pool.unknown", (await Desk(scene).Make(admin, New("100", (ada, "50"), (bob with { Email = "nobody@example.org" }, "50")))).Refusal?.Code);
        Assert.Empty((await new PoolReader(scene.Databases).All(admin)).Value);
    }

    public ValueTask DisposeAsync() => words.DisposeAsync();

    private PoolLetters Mails => new(new Letters(words.GetRequiredService<IStringLocalizer<LetterText>>()), words.GetRequiredService<IStringLocalizer<PoolMailText>>());

    private PoolDesk Desk(BillingScene scene) => new(scene.Ledger, Mails);

    private PoolRun Run(BillingScene scene) => new(scene.Databases, scene.Ledger, Mails, scene.Time, NullLogger<PoolRun>.Instance);

    private static NewPool New(string monthly, params (Caller Member, string Percent)[] members) =>
        new(Guid.NewGuid(), "Our GPU", monthly, [.. members.Select(m => new NewPool.Member(m.Member.Email, m.Percent))]);

    private async Task<Guid> MakeAsync(BillingScene scene, string monthly, params (Caller Member, string Percent)[] members)
    {
        var pool = New(monthly, members);
        Assert.Null((await Desk(scene).Make(members[0].Member with { IsAdministrator = true }, pool)).Refusal);
        return pool.Id;
    }

    private async Task<Guid> StartAsync(BillingScene scene, string monthly, params (Caller Member, string Percent)[] members)
    {
        var pool = await MakeAsync(scene, monthly, members);
        foreach (var (member, _) in members) Assert.Null((await Desk(scene).Accept(member, pool)).Refusal);
        return pool;
    }

    private static async Task<decimal> BalanceAsync(BillingScene scene, Caller caller) => (await scene.WalletAsync(caller.AccountId)).Spendable.Amount;
}
