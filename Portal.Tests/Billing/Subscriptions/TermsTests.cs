using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>Contracts of twelve months and years that are paid at once.</summary>
public sealed class TermsTests
{
    [Fact]
    public void B15_what_was_given_back_of_a_years_fee_is_not_credited_for_the_months_to_come()
    {
        foreach (var (year, month, back) in from year in new[] { 1_200L, 1_199_999_999_999, 7 } from month in Enumerable.Range(0, Terms.Months) from back in new[] { 0, 1, year / 3, year, 2 * year } select (year, month, back))
        {
            var left = Terms.Rest(Terms.Lowered(year, month, back), month);
            Assert.InRange(left, 0, Math.Max(0, Terms.Rest(year, month) - back));
        }
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_contract_costs_the_factor_each_month_and_goes_on_by_the_month_when_it_ends(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 2000);

        var quote = (await scene.Desk.Quote(ada, "image-basic", term: PlanTerm.Contract)).Value;
        await scene.Desk.Choose(ada, quote, "token");
        var end = quote.TermEnd!.Value;
        await RunUntilAsync(scene, end);

        // 99 × 0.85 = 84.15, and what paying by the month would cost more.
        Assert.Equal(("84.15", "178.20", scene.Time.GetUtcNow()), (quote.Total.ToTwoDecimals(), quote.Saved.ToTwoDecimals(), end));
        await using var db = scene.Open();
        var fees = await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.TotalNanos).ToListAsync();
        Assert.Equal([.. Enumerable.Repeat(84_150_000_000, 12), 99_000_000_000], fees);
        var lines = await db.Invoices.OrderBy(i => i.Sequence).SelectMany(i => i.Lines).OrderBy(l => l.Id).Take(2).Select(l => new { l.Kind, l.Detail, l.AmountNanos }).ToListAsync();
        Assert.Equal([("plan", "image-basic", 99_000_000_000), ("factor", "contract12Months", -14_850_000_000)], lines.Select(l => (l.Kind, l.Detail, l.AmountNanos)));
        Assert.Equal((PlanTerm.Monthly, null), await scene.Subscriptions.Current(ada.AccountId) is { } now ? (now.Term, now.TermEnd) : default);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_year_is_paid_once_and_granted_month_by_month(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider, new FakeTime(new DateTimeOffset(2028, 1, 31, 9, 0, 0, TimeSpan.FromHours(8))));
        var ada = await scene.OpenAccountAsync(credit: 2000);

        var quote = (await scene.Desk.Quote(ada, "image-basic", term: PlanTerm.Yearly)).Value;
        await scene.Desk.Choose(ada, quote, "token");
        await RunUntilAsync(scene, quote.TermEnd!.Value);

        // 12 × 99 × 0.9 × 0.85
        Assert.Equal(("908.82", "279.18"), (quote.Total.ToTwoDecimals(), quote.Saved.ToTwoDecimals()));
        await using var db = scene.Open();
        Assert.Equal([908_820_000_000, 99_000_000_000], await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.TotalNanos).ToListAsync());
        var months = await db.SubscriptionPeriods.OrderBy(p => p.Start).ToListAsync();
        Assert.Equal([.. Enumerable.Range(0, 12), 0], months.Select(p => p.Month));
        Assert.Equal(908_820_000_000, months.Take(12).Sum(p => p.FeeNanos));
        Assert.Equal("02-29", months[1].Start.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd", null));
        Assert.Equal(13, await db.Transfers.CountAsync(t => t.Code == "plan.grant" && t.Amount == 500));
        Assert.Equal("992.18", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_contract_that_is_cancelled_runs_to_its_end_and_can_be_kept_until_then()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2000);
        var end = (await StartAsync(scene, ada, "image-basic", PlanTerm.Contract)).TermEnd!.Value;

        await scene.Desk.Cancel(ada);
        await RunUntilAsync(scene, end.AddDays(-1));
        var last = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((true, end, null), (last.CancelAtPeriodEnd, last.Ends, last.Renews));
        await RunUntilAsync(scene, end);

        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        await using var db = scene.Open();
        Assert.Equal(12, await db.Invoices.CountAsync());
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_term_whose_last_month_passed_in_an_outage_is_over_and_binds_and_gives_nothing_more(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        Caller[] callers = [await scene.OpenAccountAsync(credit: 2000), await scene.OpenAccountAsync(credit: 2000), await scene.OpenAccountAsync(credit: 2000)];
        var end = (await StartAsync(scene, callers[0], "image-basic", PlanTerm.Contract)).TermEnd!.Value;
        await StartAsync(scene, callers[1], "image-basic", PlanTerm.Yearly);
        await StartAsync(scene, callers[2], "image-basic", PlanTerm.Contract);
        await RunUntilAsync(scene, end.AddDays(-40));
        await scene.Desk.Cancel(callers[2]);
        var before = await SpendableAsync();

        scene.Time.SetUtcNow(end.AddDays(3));
        await scene.RenewAsync();

        Assert.Equal([99m, 99m, 0m], before.Zip(await SpendableAsync(), (was, left) => was - left));
        foreach (var caller in callers.Take(2))
        {
            var plan = (await scene.Subscriptions.Current(caller.AccountId))!;
            Assert.Equal((PlanTerm.Monthly, null, end), (plan.Term, plan.TermEnd, plan.PeriodStart));
        }

        Assert.Null(await scene.Subscriptions.Current(callers[2].AccountId));
        await scene.ExpireAsync();
        await scene.AssertBooksAsync();

        async Task<List<decimal>> SpendableAsync()
        {
            var left = new List<decimal>();
            foreach (var caller in callers) left.Add((await scene.WalletAsync(caller.AccountId)).Spendable.Amount);
            return left;
        }
    }

    [Fact]
    public async Task A_cheaper_plan_or_a_shorter_term_waits_for_the_contracts_end_and_another_contract_follows_when_asked_for()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 9000);
        var end = (await StartAsync(scene, ada, "image-advanced", PlanTerm.Contract)).TermEnd!.Value;
        scene.Time.Advance(TimeSpan.FromDays(40));
        await scene.RenewAsync();

        var cheaper = (await scene.Desk.Quote(ada, "image-basic", term: PlanTerm.Contract)).Value;
        var shorter = (await scene.Desk.Quote(ada, "image-professional", term: PlanTerm.Monthly)).Value;
        var again = (await scene.Desk.Quote(ada, "image-advanced", term: PlanTerm.Contract)).Value;

        Assert.All([cheaper, shorter, again], q => Assert.Equal((PlanChangeKind.NextPeriod, end, 0L, true), (q.Kind, q.From, q.TotalNanos, q.WaitsForTerm)));
        await scene.Desk.Choose(ada, again, "again");
        await RunUntilAsync(scene, end);
        Assert.Equal(PlanTerm.Contract, (await scene.Subscriptions.Current(ada.AccountId))!.Term);
        Assert.Equal("339.15", (await scene.Subscriptions.Current(ada.AccountId))!.NextPrice.Amount.ToTwoDecimals());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task B15_leaving_a_year_for_a_dearer_plan_credits_the_months_to_come_and_of_this_one_what_is_unspent()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 20_000);
        var year = await StartAsync(scene, ada, "image-basic", PlanTerm.Yearly);
        await scene.BurnAsync(ada.AccountId, Unit.Images, 500);
        scene.Time.Advance(TimeSpan.FromHours(1));

        var quote = (await scene.Desk.Quote(ada, "image-advanced", term: PlanTerm.Yearly)).Value;
        await scene.Desk.Choose(ada, quote, "up");

        // Eleven twelfths: what was burned in the first month is not had back.
        Assert.Equal((PlanChangeKind.Upgrade, year.TotalNanos - (year.TotalNanos / 12)), (quote.Kind, quote.CreditNanos));
        Assert.Equal(20_000_000_000_000 - year.TotalNanos - quote.TotalNanos, (await scene.WalletAsync(ada.AccountId)).Spendable.Nanos);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_month_of_a_contract_that_is_due_is_paid_as_it_was_agreed_or_with_more()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 100);
        await StartAsync(scene, ada, "image-basic", PlanTerm.Contract);
        scene.Time.Advance(TimeSpan.FromDays(31));
        await scene.RenewAsync();
        await scene.TopUpAsync(ada.AccountId, 5000);

        Assert.Equal("plan.contract-runs", (await scene.Desk.Quote(ada, "image-basic", term: PlanTerm.Monthly)).Refusal?.Code);
        var due = (await scene.Desk.Quote(ada, "image-basic")).Value;
        Assert.Null((await scene.Desk.Choose(ada, due, "pay")).Refusal);

        Assert.Equal((PlanChangeKind.Renew, "84.15"), (due.Kind, due.Total.ToTwoDecimals()));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task B23_whatever_is_chosen_at_whatever_second_the_preview_is_what_is_booked_to_the_fen()
    {
        string[] plans = ["image-basic", "image-advanced", "image-professional", "edu-starter", "edu-standard"];
        await using var scene = await BillingScene.CreateAsync();
        var schools = new List<Caller>();
        for (var i = 0; i < 6; i++) schools.Add(await scene.OpenAccountAsync(AccountKind.Organisation, credit: 3_000_000));
        var changes = Gen.Sample(
            from plan in Gen.Elements(plans)
            from term in Gen.Elements(PlanTerm.Monthly, PlanTerm.Contract, PlanTerm.Yearly)
            from thousands in Gen.Choose(0, 999)
            from prompts in Gen.Choose(0, 3)
            from burned in Gen.Choose(0, 100)
            from seconds in Gen.Choose(1, 5 * 24 * 3600)
            select (plan, term, thousands, prompts, burned, seconds), 50, 30);
        var charged = 0L;
        foreach (var (change, number) in changes.Select((c, i) => (c, i)))
        {
            var school = schools[number % schools.Count];
            var extras = change.plan.StartsWith("edu", StringComparison.Ordinal) ? new PlanExtras(change.thousands * 1000L, change.prompts) : PlanExtras.None;
            var before = (await scene.WalletAsync(school.AccountId)).Spendable;
            var asked = await scene.Desk.Quote(school, change.plan, extras, change.term);
            if (asked.Refusal is null)
            {
                var done = (await scene.Desk.Choose(school, asked.Value, $"{number}")).Value;
                var after = (await scene.WalletAsync(school.AccountId)).Spendable;
                Assert.Equal((asked.Value.Total, asked.Value.TotalNanos), (before - after, done.ChargedNanos));
                if (done.InvoiceId is { } id)
                {
                    await using var db = scene.Open();
                    var invoice = await db.Invoices.Include(i => i.Lines).SingleAsync(i => i.Id == id);
                    Assert.Equal((done.ChargedNanos, done.ChargedNanos), (invoice.TotalNanos, invoice.Lines.Sum(l => l.AmountNanos)));
                    charged++;
                }

                if ((await scene.WalletAsync(school.AccountId)).Accounts.FirstOrDefault(a => a.Code == LedgerCodes.Allowance && a.Balance > 100) is { } allowance)
                    await scene.BurnAsync(school.AccountId, allowance.Unit, allowance.Balance * change.burned / 100 is var burned and > 0 ? burned : 1);
            }

            scene.Time.Advance(TimeSpan.FromSeconds(change.seconds));
            await scene.RenewAsync();
        }

        Assert.InRange(charged, schools.Count, long.MaxValue);
        await scene.ExpireAsync();
        await scene.AssertBooksAsync();
    }

    private static async Task<PlanQuote> StartAsync(BillingScene scene, Caller caller, string plan, PlanTerm term)
    {
        var quote = (await scene.Desk.Quote(caller, plan, term: term)).Value;
        Assert.Null((await scene.Desk.Choose(caller, quote, $"{Guid.NewGuid():N}")).Refusal);
        return quote;
    }

    private static async Task RunUntilAsync(BillingScene scene, DateTimeOffset until)
    {
        while (scene.Time.GetUtcNow() < until)
        {
            var next = scene.Time.GetUtcNow().AddDays(10);
            scene.Time.SetUtcNow(next < until ? next : until);
            await scene.RenewAsync();
        }
    }
}
