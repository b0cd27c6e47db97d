using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>Tokens and prompts at the same time that are added to a plan.</summary>
public sealed class CustomPlanTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_added_is_charged_granted_listed_and_renewed(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);

        var quote = (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(200_000, 2))).Value;
        var change = (await scene.Desk.Choose(school, quote, "token")).Value;
        var wallet = await scene.WalletAsync(school.AccountId);
        scene.Time.SetUtcNow(change.To);
        await scene.RenewAsync();

        // 299 + 200 × 0.004 + 2 × 50
        Assert.Equal((399_800_000_000, 700_000L), (change.ChargedNanos, quote.Units));
        Assert.Equal((700_000L, "600.20"), (wallet.Available(Unit.Tokens, LedgerCodes.Allowance), wallet.Spendable.ToTwoDecimals()));
        await using var db = scene.Open();
        var invoices = await db.Invoices.Include(i => i.Lines).OrderBy(i => i.Sequence).ToListAsync();
        Assert.Equal([399_800_000_000, 399_800_000_000], invoices.Select(i => i.TotalNanos));
        Assert.All(invoices, i => Assert.Equal(
            [("plan", "edu-starter", 299_000_000_000), ("extra-tokens", "200000", 800_000_000), ("extra-concurrent", "2", 100_000_000_000)],
            i.Lines.OrderBy(l => l.Id).Select(l => (l.Kind, l.Detail, l.AmountNanos))));
        Assert.Equal((200_000L, 2), (await db.Subscriptions.Select(s => new { s.ExtraTokens, s.ExtraConcurrent }).SingleAsync()) is var s ? (s.ExtraTokens, s.ExtraConcurrent) : default);
        Assert.Equal(700_000, (await scene.WalletAsync(school.AccountId)).Available(Unit.Tokens, LedgerCodes.Allowance));
        await scene.ExpireAsync();
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task More_begins_now_with_credit_for_the_rest_and_less_waits_for_the_periods_end(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 2000);
        await scene.ChooseAsync(school, "edu-starter");
        scene.Time.Advance(TimeSpan.FromDays(15.5));

        var more = (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(0, 1))).Value;
        Assert.Null((await scene.Desk.Choose(school, more, "more")).Refusal);
        var less = (await scene.Desk.Quote(school, "edu-starter", PlanExtras.None)).Value;
        Assert.Null((await scene.Desk.Choose(school, less, "less")).Refusal);
        var waiting = (await scene.Subscriptions.Current(school.AccountId))!;

        // Half of July's 31 days are left of 299.
        Assert.Equal((PlanChangeKind.Upgrade, "149.50", "199.50"), (more.Kind, more.Credit.ToTwoDecimals(), more.Total.ToTwoDecimals()));
        Assert.Equal((PlanChangeKind.NextPeriod, 0L, more.To), (less.Kind, less.TotalNanos, less.From));
        Assert.Equal((new PlanExtras(0, 1), PlanExtras.None, "299.00"), (waiting.Extras, waiting.NextExtras, waiting.NextPrice.Amount.ToTwoDecimals()));
        scene.Time.SetUtcNow(less.From);
        await scene.RenewAsync();
        Assert.Equal(PlanExtras.None, (await scene.Subscriptions.Current(school.AccountId))!.Extras);
        await scene.ExpireAsync();
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task What_could_not_be_counted_any_more_is_refused()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        await using (var db = scene.Open())
        {
            await db.Plans.ExecuteUpdateAsync(set => set.SetProperty(p => p.ExtraThousandTokensNanos, Money.FromAmount(1000m).Nanos).SetProperty(p => p.ExtraConcurrentNanos, Money.FromAmount(1000m).Nanos));
        }

        foreach (var term in Enum.GetValues<PlanTerm>())
        {
            var most = new PlanExtras(PlanExtras.TokensMax, PlanExtras.ConcurrentMax);
            Assert.Equal(new Refusal("extras.price", "10000000"), (await scene.Desk.Quote(school, "edu-starter", most, term)).Refusal);
            Assert.Equal("extras.price", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(9_001_000, 1_000), term)).Refusal?.Code);
            Assert.Null((await scene.Desk.Quote(school, "edu-starter", new PlanExtras(9_000_000, 1_000), term)).Refusal);
        }
    }

    [Fact]
    public async Task B15_added_tokens_that_were_burned_are_not_credited()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 100_000);
        var quote = (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(500_000, 0))).Value;
        await scene.Desk.Choose(school, quote, "token");
        await scene.BurnAsync(school.AccountId, Unit.Tokens, 750_000);

        var next = (await scene.Desk.Quote(school, "edu-standard")).Value;

        // A quarter of what was granted is unspent, of 299 + 2.
        Assert.Equal((75_250_000_000, 250_000L, PlanExtras.None), (next.CreditNanos, next.TakenBack, next.Extras));
    }

    [Fact]
    public async Task B15_tokens_added_a_thousand_at_a_time_cost_what_they_cost_at_once()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        await scene.ChooseAsync(school, "edu-starter");

        for (var thousands = 1; thousands <= 25; thousands++)
        {
            var more = (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(thousands * 1000, 0))).Value;
            Assert.Null((await scene.Desk.Choose(school, more, $"step {thousands}")).Refusal);
        }

        // 299 + 25 × 0.004: each of the steps alone would be rounded to nothing.
        Assert.Equal("700.90", (await scene.WalletAsync(school.AccountId)).Spendable.ToTwoDecimals());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task The_same_again_is_refused_and_plans_without_the_offer_take_none()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 2000);
        await scene.Desk.Choose(school, (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(1000, 0))).Value, "token");

        Assert.Equal("extras.unchanged", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(1000, 0))).Refusal?.Code);
        Assert.Equal("extras.unchanged", (await scene.Desk.Quote(school, "edu-starter")).Refusal?.Code);
        Assert.Equal("extras.none", (await scene.Desk.Quote(school, "image-basic", new PlanExtras(1000, 0))).Refusal?.Code);
        Assert.Equal("extras.none", (await scene.Desk.Quote(school, "image-basic", new PlanExtras(0, 1))).Refusal?.Code);
        Assert.Equal("extras.tokens", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(-1000, 0))).Refusal?.Code);
        Assert.Equal("extras.tokens", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(long.MaxValue, 0))).Refusal?.Code);
        Assert.Equal("extras.concurrent", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(0, -1))).Refusal?.Code);
        Assert.Equal("extras.concurrent", (await scene.Desk.Quote(school, "edu-starter", new PlanExtras(0, int.MaxValue))).Refusal?.Code);
    }

    [Theory]
    [InlineData("200 000", "3", 200_000, 3)]
    [InlineData("１０００", "", 1000, 0)]
    [InlineData(null, null, 0, 0)]
    [InlineData("1000000000", "1000", 1_000_000_000, 1000)]
    public void What_was_typed_is_read(string? tokens, string? concurrent, long extraTokens, int extraConcurrent) =>
        Assert.Equal(new PlanExtras(extraTokens, extraConcurrent), PlanExtras.Read(tokens, concurrent).Value);

    [Theory]
    [InlineData("1500", "0", "extras.tokens")]
    [InlineData("-1000", "0", "extras.tokens")]
    [InlineData("1e6", "0", "extras.tokens")]
    [InlineData("1,000", "0", "extras.tokens")]
    [InlineData("1000001000", "0", "extras.tokens")]
    [InlineData("99999999999999999999", "0", "extras.tokens")]
    [InlineData("0", "1001", "extras.concurrent")]
    [InlineData("0", "-1", "extras.concurrent")]
    [InlineData("0", "1.5", "extras.concurrent")]
    [InlineData("0", "99999999999999999999", "extras.concurrent")]
    public void What_cannot_be_sold_is_refused(string tokens, string concurrent, string code) => Assert.Equal(code, PlanExtras.Read(tokens, concurrent).Refusal?.Code);
}
