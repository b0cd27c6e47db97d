using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>From one plan to another.</summary>
public sealed class PlanChangeTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_upgrade_begins_a_period_now_and_credits_the_unused_seconds(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        scene.Time.Advance(TimeSpan.FromDays(10.5));

        var quote = (await scene.Desk.Quote(ada, "image-advanced")).Value;
        var change = (await scene.Desk.Choose(ada, quote, "token")).Value;

        // July has 31 days: 20.5 of them are left of 99.
        Assert.Equal(65_467_741_935, quote.CreditNanos);
        Assert.Equal("333.53", quote.Total.ToTwoDecimals());
        Assert.Equal((scene.Time.GetUtcNow(), scene.Time.GetUtcNow().AddMonths(1)), (change.From, change.To));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("567.47", 3000L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));
        await using var db = scene.Open();
        Assert.Equal([333_530_000_000, 99_000_000_000], await db.Invoices.OrderByDescending(i => i.Sequence).Select(i => i.TotalNanos).ToListAsync());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task B15_who_has_burned_the_allowance_gets_no_credit_for_it()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.BurnAsync(ada.AccountId, Unit.Images, 500);
        scene.Time.Advance(TimeSpan.FromHours(1));

        var quote = (await scene.Desk.Quote(ada, "image-advanced")).Value;

        Assert.Equal((0, "399.00"), (quote.CreditNanos, quote.Total.ToTwoDecimals()));
    }

    [Fact]
    public async Task B15_upgrading_burning_and_going_back_costs_what_was_burned()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        await scene.BurnAsync(ada.AccountId, Unit.Images, 100);
        await scene.ChooseAsync(ada, "image-advanced");
        await scene.BurnAsync(ada.AccountId, Unit.Images, 2900);

        var back = (await scene.ChooseAsync(ada, "image-basic")).Value;

        // 99 for 500 images less the 400 that went back, and 399 for the rest: 3,000 images for 418.80, and nothing returns on the way down.
        Assert.Equal((PlanChangeKind.NextPeriod, 0L), (back.Kind, back.ChargedNanos));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("581.20", 100L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Quota_that_was_handed_to_a_seat_stays_there_and_is_not_credited()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 2000);
        var student = await scene.JoinAsync(school, MemberRole.Member);
        await scene.ChooseAsync(school, "edu-starter");
        Assert.Null((await scene.Ledger.Apply(new Draw(
            school.AccountId, "seat", "seat", "allocate", Unit.Tokens, 200_000, [LedgerCodes.Allowance],
            new AccountRef(LedgerCodes.Seat, Unit.Tokens, student.MembershipId), KeepExpiry: true))).Refusal);

        var change = (await scene.ChooseAsync(school, "edu-standard")).Value;

        Assert.Equal(999_000_000_000 - (299_000_000_000 / 5 * 3), change.ChargedNanos);
        var wallet = await scene.WalletAsync(school.AccountId);
        Assert.Equal((200_000, 2_000_000), (wallet.Available(Unit.Tokens, LedgerCodes.Seat), wallet.Available(Unit.Tokens, LedgerCodes.Allowance)));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_cheaper_plan_waits_for_the_periods_end_and_can_be_taken_back()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-advanced");

        var change = (await scene.ChooseAsync(ada, "image-basic")).Value;
        var waiting = await scene.Subscriptions.Current(ada.AccountId);
        await scene.Desk.Keep(ada);

        Assert.Equal((PlanChangeKind.NextPeriod, waiting!.PeriodEnd), (change.Kind, change.From));
        Assert.Equal(("image-advanced", "image-basic"), (waiting.Plan.Key, waiting.Next?.Key));
        Assert.Null((await scene.Subscriptions.Current(ada.AccountId))!.Next);
        Assert.Equal("601.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Fact]
    public async Task The_plan_that_one_has_cannot_be_chosen_again()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");

        Assert.Equal("plan.current", (await scene.ChooseAsync(ada, "image-basic")).Refusal?.Code);
    }

    [Fact]
    public async Task B23_what_was_shown_is_charged_though_seconds_pass_until_the_click()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 20_000);
        await scene.ChooseAsync(school, "edu-professional");
        scene.Time.Advance(TimeSpan.FromDays(3));
        var quote = (await scene.Desk.Quote(school, "edu-enterprise")).Value;

        scene.Time.Advance(TimeSpan.FromMinutes(14));
        var change = (await scene.Desk.Choose(school, quote, "token")).Value;

        Assert.Equal((quote.TotalNanos, quote.From, quote.To), (change.ChargedNanos, change.From, change.To));
    }

    [Fact]
    public async Task A_quote_that_is_old_or_no_longer_true_is_refused_and_nothing_is_charged()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        var beforeBurn = (await scene.Desk.Quote(ada, "image-advanced")).Value;
        await scene.BurnAsync(ada.AccountId, Unit.Images, 50);
        var old = (await scene.Desk.Quote(ada, "image-advanced")).Value;
        var ahead = old with { At = old.At.AddDays(1) };

        Assert.Equal("plan.quote-stale", (await scene.Desk.Choose(ada, beforeBurn, "a")).Refusal?.Code);
        Assert.Equal("plan.quote-stale", (await scene.Desk.Choose(ada, ahead, "b")).Refusal?.Code);
        Assert.Equal("plan.quote-stale", (await scene.Desk.Choose(ada, old with { TotalNanos = 1 }, "c")).Refusal?.Code);
        scene.Time.Advance(PlanDesk.QuoteLife + TimeSpan.FromSeconds(1));
        Assert.Equal("plan.quote-stale", (await scene.Desk.Choose(ada, old, "d")).Refusal?.Code);
        Assert.Equal("901.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Fact]
    public async Task Two_changes_in_one_second_leave_no_empty_period()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 2000);

        await scene.ChooseAsync(ada, "image-basic");
        await scene.ChooseAsync(ada, "image-advanced");
        await scene.ChooseAsync(ada, "image-professional");

        await using var db = scene.Open();
        Assert.Equal(3, await db.SubscriptionPeriods.CountAsync());
        Assert.All(await db.SubscriptionPeriods.ToListAsync(), p => Assert.True(p.End > p.Start));
        await scene.AssertBooksAsync();
    }
}
