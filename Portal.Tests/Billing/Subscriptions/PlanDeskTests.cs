using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

public sealed class PlanDeskTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Choosing_a_plan_takes_the_fee_grants_the_allowance_and_issues_the_invoice(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 120);

        var quote = (await scene.Desk.Quote(ada, "image-basic")).Value;
        var change = (await scene.Desk.Choose(ada, quote, "token")).Value;

        Assert.Equal(("99.00", "21.00", "0.00"), (quote.Total.ToTwoDecimals(), quote.After.ToTwoDecimals(), quote.Missing.ToTwoDecimals()));
        Assert.Equal((scene.Time.GetUtcNow(), scene.Time.GetUtcNow().AddMonths(1)), (change.From, change.To));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(quote.After, wallet.Spendable);
        Assert.Equal((500L, change.To), (wallet.Available(Unit.Images, LedgerCodes.Allowance), wallet.Accounts.Single(a => a.Unit == Unit.Images).ExpiresAt));
        Assert.Equal("image-basic", (await scene.Subscriptions.Current(ada.AccountId))?.Plan.Key);
        await using var db = scene.Open();
        var invoice = await db.Invoices.Include(i => i.Lines).SingleAsync();
        Assert.Equal((change.InvoiceId, "INV-2026-000001", 99 * Money.NanosPerUnit), (invoice.Id, invoice.Number, invoice.TotalNanos));
        Assert.Equal(("plan", "image-basic", change.From, change.To), invoice.Lines.Select(l => (l.Kind, l.Detail, l.From!.Value, l.To!.Value)).Single());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_balance_that_is_short_is_refused_with_what_is_missing_and_nothing_changes()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 61.123456789m);

        var quote = (await scene.Desk.Quote(ada, "image-basic")).Value;
        var change = await scene.Desk.Choose(ada, quote, "token");

        Assert.Equal("37.88", quote.Missing.ToTwoDecimals());
        Assert.Equal(new Refusal("plan.funds-short", "37.88", "99.00", "61.12"), change.Refusal);
        Assert.Equal("61.12", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));

        await scene.TopUpAsync(ada.AccountId, quote.Missing.Amount);
        Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_double_click_is_one_subscription(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var quote = (await scene.Desk.Quote(ada, "image-basic")).Value;

        var clicks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.Desk.Choose(ada, quote, "token"))));

        Assert.Single(clicks.Select(c => c.Value).Distinct());
        Assert.Equal("901.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await using var db = scene.Open();
        Assert.Equal((1, 1, 1), (await db.Subscriptions.CountAsync(), await db.SubscriptionPeriods.CountAsync(), await db.Invoices.CountAsync()));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Of_two_windows_that_choose_at_once_one_wins_and_the_other_is_told(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var quote = (await scene.Desk.Quote(ada, "image-basic")).Value;

        var clicks = await Task.WhenAll(new[] { "one", "two" }.Select(token => Task.Run(() => scene.Desk.Choose(ada, quote, token))));

        Assert.Equal("plan.current", Assert.Single(clicks, c => c.Refusal is not null).Refusal!.Code);
        Assert.Equal("901.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Fact]
    public async Task The_same_token_for_another_plan_is_refused()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var (basic, advanced) = ((await scene.Desk.Quote(ada, "image-basic")).Value, (await scene.Desk.Quote(ada, "image-advanced")).Value);

        await scene.Desk.Choose(ada, basic, "token");

        Assert.Equal("idempotency.mismatch", (await scene.Desk.Choose(ada, advanced, "token")).Refusal?.Code);
    }

    [Fact]
    public async Task A_student_chooses_cancels_and_keeps_nothing()
    {
        await using var scene = await BillingScene.CreateAsync();
        var owner = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        var student = await scene.JoinAsync(owner, MemberRole.Member);
        var quote = (await scene.Desk.Quote(owner, "image-basic")).Value;

        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Quote(student, "image-basic")).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Choose(student, quote, "token")).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Cancel(student)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Keep(student)).Refusal);
        Assert.Null(await scene.Subscriptions.Current(owner.AccountId));
    }

    [Fact]
    public async Task An_unknown_plan_is_not_found_and_without_a_plan_there_is_nothing_to_cancel()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);

        Assert.Equal(Refusal.NotFound, (await scene.Desk.Quote(ada, "image-imperial")).Refusal);
        Assert.Equal("plan.none", (await scene.Desk.Cancel(ada)).Refusal?.Code);
        Assert.Equal("plan.none", (await scene.Desk.Keep(ada)).Refusal?.Code);
    }

    [Fact]
    public async Task Education_plans_are_for_organisations()
    {
        await using var scene = await BillingScene.CreateAsync();
        var person = await scene.OpenAccountAsync(credit: 1000);
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);

        Assert.Equal("plan.organisation-only", (await scene.ChooseAsync(person, "edu-starter")).Refusal?.Code);
        Assert.Null((await scene.ChooseAsync(school, "edu-starter")).Refusal);

        Assert.Equal(500_000, (await scene.WalletAsync(school.AccountId)).Available(Unit.Tokens, LedgerCodes.Allowance));
    }

    [Fact]
    public async Task An_unlimited_plan_grants_its_fair_use_cap()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 999);

        await scene.ChooseAsync(ada, "image-professional");

        Assert.Equal(30_000, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
    }

    [Fact]
    public async Task A_cancelled_plan_stays_until_its_period_ends_and_can_be_kept_after_all()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");

        await scene.Desk.Cancel(ada);
        var canceled = await scene.Subscriptions.Current(ada.AccountId);
        await scene.Desk.Keep(ada);
        var kept = await scene.Subscriptions.Current(ada.AccountId);

        Assert.Equal((true, null), (canceled!.CancelAtPeriodEnd, canceled.Renews));
        Assert.Equal((false, "image-basic"), (kept!.CancelAtPeriodEnd, kept.Renews?.Key));
        Assert.Equal(500, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Who_cancelled_can_choose_again_the_moment_the_period_is_over(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.Desk.Cancel(ada);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);

        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        var change = (await scene.ChooseAsync(ada, "image-basic")).Value;

        Assert.Equal(PlanChangeKind.Start, change.Kind);
        await using var db = scene.Open();
        Assert.Equal([SubscriptionStatus.Canceled, SubscriptionStatus.Active], await db.Subscriptions.OrderBy(s => s.Anchor).Select(s => s.Status).ToListAsync());
        await scene.AssertBooksAsync();
    }
}
