using Microsoft.EntityFrameworkCore;
using Portal.Billing.Costs;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Costs;

public sealed class PlanAdvisorTests
{
    private static readonly MeteredUsage Standard = MeteredUsage.Picture(1, 1024, 1024, 9);
    private static readonly MeteredUsage Quarter = MeteredUsage.Picture(1, 512, 512, 9);

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_a_month_is_said_to_cost_is_what_was_charged_for_it(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1_000);
        var start = scene.Time.GetUtcNow();
        await UseAsync(scene, ada, MeteredUsage.Text(60_000, 60_000));
        scene.Time.Advance(TimeSpan.FromHours(14));
        await UseAsync(scene, ada, MeteredUsage.Text(100_000, 20_000));
        await UseAsync(scene, ada, Standard with { Images = 30 });
        scene.Time.SetUtcNow(start.AddMonths(1));

        var compared = (await Advisor(scene).Compare(ada)).Value;

        await using var db = scene.Open();
        var charged = await db.UsageRecords.Where(u => u.AccountId == ada.AccountId).SumAsync(u => u.ChargedNanos);
        var payPerUse = compared.Plans.Single(p => p.Plan is null);
        Assert.True(payPerUse.Current);
        Assert.Equal(new Money(charged), Assert.Single(payPerUse.Months).Total);
        Assert.Equal((1m, false), (compared.Growth, compared.History.IsPartial));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Who_draws_much_is_told_the_cheapest_plan_the_saving_and_why(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 2_000);
        var start = scene.Time.GetUtcNow();
        for (var month = 0; month < 3; month++)
        {
            scene.Time.SetUtcNow(start.AddMonths(month).AddHours(month));
            await UseAsync(scene, ada, Standard with { Images = 1_000 });
        }

        scene.Time.SetUtcNow(start.AddMonths(3));
        var compared = (await Advisor(scene).Compare(ada)).Value;

        Assert.Equal((3, 1m), (compared.History.Months.Count, compared.Growth));
        Assert.Equal("image-basic", compared.Cheapest.Plan?.Key);

        // Pay-per-use is 1,000 × 0.20 × 0.9 for whoever pays before: 180.
        Assert.All(compared.Cheapest.Months, m => Assert.Equal((99m, 75m, 500L), (m.Fee.Amount, m.Beyond.Amount, Assert.Single(m.Uses).Beyond)));
        Assert.Equal(6m, compared.Saving.Amount);
        Assert.True(compared.Plans.Zip(compared.Plans.Skip(1)).All(p => p.First.Expected.Total <= p.Second.Expected.Total));
        Assert.DoesNotContain(compared.Plans, p => p.Plan is { Education: true });
    }

    [Fact]
    public async Task Small_pictures_are_priced_by_their_size()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 100);
        var start = scene.Time.GetUtcNow();
        await UseAsync(scene, ada, Quarter with { Images = 40 });
        scene.Time.SetUtcNow(start.AddMonths(1));

        var compared = (await Advisor(scene).Compare(ada)).Value;

        await using var db = scene.Open();
        var charged = await db.UsageRecords.SumAsync(u => u.ChargedNanos);
        Assert.True(compared.Sampled);
        Assert.Equal(new Money(charged), compared.Plans.Single(p => p.Plan is null).Past);
        Assert.Equal(40, Assert.Single(compared.Plans.Single(p => p.Plan?.Key == "image-basic").Months).Uses.Single().Covered);
    }

    [Fact]
    public async Task More_every_month_is_expected_to_go_on_so()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2_000);
        var start = scene.Time.GetUtcNow();
        for (var month = 0; month < 3; month++)
        {
            scene.Time.SetUtcNow(start.AddMonths(month).AddHours(month));
            await UseAsync(scene, ada, Standard with { Images = 100 * (month + 1) });
        }

        scene.Time.SetUtcNow(start.AddMonths(3));
        var compared = (await Advisor(scene).Compare(ada)).Value;

        Assert.Equal(2m, compared.Growth);
        Assert.Equal(400, compared.Cheapest.Expected.Uses.Single().Units);
    }

    [Fact]
    public async Task A_short_history_is_brought_up_to_a_month_and_says_so()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2_000);
        await UseAsync(scene, ada, Standard with { Images = 100 });
        scene.Time.Advance(TimeSpan.FromDays(10));

        var compared = (await Advisor(scene).Compare(ada)).Value;

        Assert.Equal((true, 10, 1), (compared.History.IsPartial, compared.History.Days, compared.History.Months.Count));
        Assert.InRange(compared.Cheapest.Expected.Uses.Single().Units, 280, 310);
        Assert.Equal(100, compared.Cheapest.Months[0].Uses.Single().Units);
    }

    [Fact]
    public async Task Who_used_nothing_sees_what_to_expect_and_a_member_sees_nothing_of_it()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation);
        var student = await scene.JoinAsync(school, MemberRole.Member);
        var advisor = Advisor(scene);

        Assert.Empty((await advisor.Compare(school)).Value.History.Months);
        var expected = (await advisor.Expect(school)).Value;
        Assert.Equal((Unit.Tokens, 3), (expected.Unit, expected.Units.Count));
        Assert.Contains(expected.Plans, p => p.Plan?.Key == "edu-starter");
        Assert.All(Enumerable.Range(0, 3), month => Assert.Contains(expected.Plans, p => expected.IsCheapest(p, month)));
        Assert.Equal(Refusal.Forbidden, (await advisor.Compare(student)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await advisor.Expect(student)).Refusal);
    }

    [Fact]
    public async Task The_plan_that_one_has_is_priced_with_what_is_added_to_it_and_stays_when_nothing_is_cheaper()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2_000);
        Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);
        var start = scene.Time.GetUtcNow();
        await UseAsync(scene, ada, Standard with { Images = 1_000 }, "image-basic");
        scene.Time.SetUtcNow(start.AddMonths(1).AddMinutes(-1));
        scene.Time.Advance(TimeSpan.FromMinutes(1));

        var compared = (await Advisor(scene).Compare(ada)).Value;

        Assert.Equal(("image-basic", "image-basic", Money.Zero), (compared.Current.Plan?.Key, compared.Cheapest.Plan?.Key, compared.Saving));
        Assert.Equal(99m + 75m, compared.Current.Past.Amount);
    }

    [Theory]
    [InlineData(PlanTerm.Contract, null)]
    [InlineData(PlanTerm.Monthly, "eu-central")]
    public async Task B23_a_contract_and_the_region_count_as_they_do_when_it_is_charged(PlanTerm term, string? region)
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 5_000);
        var quote = (await scene.Desk.Quote(school, "edu-starter", term: term)).Value;
        Assert.Null((await scene.Desk.Choose(school, quote, "once")).Refusal);
        var start = scene.Time.GetUtcNow();
        await PricedUse.UseAsync(
            scene.Ledger, scene.Catalogue, scene.Time, school.AccountId, school.MembershipId, MeteredUsage.Text(400_000, 300_000), "edu-starter",
            context => context with { Education = true, Region = region, ContractMonths = term == PlanTerm.Contract ? 12 : 0 });
        scene.Time.SetUtcNow(start.AddMonths(1));

        var compared = (await Advisor(scene, region).Compare(school)).Value;

        await using var db = scene.Open();
        Assert.Equal(await db.UsageRecords.SumAsync(u => u.ChargedNanos), Assert.Single(compared.Current.Months).Beyond.Nanos);
    }

    [Fact]
    public async Task Of_a_plan_of_several_months_a_month_has_its_part_of_the_fee_and_of_what_is_included()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2_000);
        await using (var db = scene.Open())
        {
            db.Plans.Add(new Plan
            {
                Key = "image-quarter", Version = 1, NameEn = "Quarter", NameZh = "季度版", PriceNanos = 270 * Money.NanosPerUnit, PeriodMonths = 3, IncludedUnit = Unit.Images, IncludedUnits = 1_500,
                OverageNanos = Money.NanosPerUnit / 10, PublishedAt = scene.Time.GetUtcNow(),
            });
            await db.SaveChangesAsync();
        }

        var start = scene.Time.GetUtcNow();
        await UseAsync(scene, ada, Standard with { Images = 800 });
        scene.Time.SetUtcNow(start.AddMonths(1));

        var month = Assert.Single((await Advisor(scene).Compare(ada)).Value.Plans.Single(p => p.Plan?.Key == "image-quarter").Months);

        Assert.Equal((90m, 500L, 30m), (month.Fee.Amount, Assert.Single(month.Uses).Covered, month.Beyond.Amount));
    }

    private static PlanAdvisor Advisor(BillingScene scene, string? region = null) => new(scene.Databases, scene.Catalogue, scene.Subscriptions, new PriceRegion(region), scene.Time);

    private static Task UseAsync(BillingScene scene, Caller caller, MeteredUsage usage, string? planKey = null) =>
        PricedUse.UseAsync(scene.Ledger, scene.Catalogue, scene.Time, caller.AccountId, caller.MembershipId, usage, planKey);
}
