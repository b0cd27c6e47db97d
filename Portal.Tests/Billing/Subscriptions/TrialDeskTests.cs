using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

public sealed class TrialDeskTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_trial_grants_the_allowance_for_nothing_tells_before_it_ends_and_goes_on_paid(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 100);

        var trial = (await scene.Trials.Begin(ada, "image-basic")).Value;
        Assert.Equal((PlanChangeKind.Trial, TimeSpan.FromDays(7)), (trial.Kind, trial.To - trial.From));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal((500L, "100.00"), (wallet.Available(Unit.Images, LedgerCodes.Allowance), wallet.Spendable.ToTwoDecimals()));
        Assert.Equal(Entitlement.Trial, (await scene.Subscriptions.Current(ada.AccountId))!.Entitlement);

        for (var day = 0; day < 7; day++)
        {
            scene.Time.Advance(TimeSpan.FromDays(1));
            await scene.RenewAsync();
        }

        var paid = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((SubscriptionStatus.Active, trial.To, Entitlement.Active), (paid.Status, paid.PeriodStart, paid.Entitlement));
        Assert.Equal("1.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await using var db = scene.Open();
        Assert.Equal(["Your trial of Basic ends on 8 July 2026"], await db.OutboxMails.Select(m => m.Subject).ToListAsync());
        Assert.Equal(1, await db.Invoices.CountAsync());
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task It_is_given_once_an_account_and_once_a_person_however_many_ask_at_once(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync();
        var other = await scene.OpenAccountAsync() with { PersonId = ada.PersonId };

        var begun = await Task.WhenAll(new[] { ada, ada, other, other }.Select(c => Task.Run(() => scene.Trials.Begin(c, "image-basic"))));

        var won = begun.Where(b => b.Refusal is null).Select(b => b.Value.SubscriptionId).ToList();
        Assert.InRange(won.Count, 1, 2);
        Assert.Single(won.Distinct());
        Assert.All(begun.Where(b => b.Refusal is not null), b => Assert.Equal("trial.used", b.Refusal!.Code));
        await using var db = scene.Open();
        Assert.Equal((1, 1), (await db.Subscriptions.CountAsync(), await db.Transfers.CountAsync(t => t.Code == "plan.grant")));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_mailbox_has_it_once_whatever_alias_asks_and_however_many_at_once(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var aliases = new[] { await OpenAsync("ada@gmail.com"), await OpenAsync("A.da+2@googlemail.com"), await OpenAsync("ada+3@gmail.com") };
        var another = await OpenAsync("adam@gmail.com");

        var begun = await Task.WhenAll(aliases.Select(c => Task.Run(() => scene.Trials.Begin(c, "image-basic"))));

        Assert.Equal([null, "trial.used", "trial.used"], begun.Select(b => b.Refusal?.Code).Order());
        Assert.Null((await scene.Trials.Begin(another, "image-basic")).Refusal);
        await scene.AssertBooksAsync();

        async Task<Caller> OpenAsync(string email)
        {
            var caller = await scene.OpenAccountAsync();
            await using var db = scene.Open();
            await db.Users.Where(p => p.Id == caller.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Email, email).SetProperty(p => p.NormalizedEmail, email.ToUpperInvariant()));
            return caller with { Email = email };
        }
    }

    [Fact]
    public async Task Cancelling_it_costs_nothing_and_it_is_not_given_again()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 100);
        await scene.Trials.Begin(ada, "image-basic");

        Assert.Null((await scene.Desk.Cancel(ada)).Refusal);
        scene.Time.Advance(TimeSpan.FromDays(7));
        await scene.RenewAsync();

        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal(("100.00", 0L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));
        Assert.Equal("trial.used", (await scene.Trials.Begin(ada, "image-basic")).Refusal?.Code);
        Assert.Equal("image-basic", await scene.Subscriptions.Former(ada.AccountId));
        Assert.Empty(await scene.Trials.Open(ada));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Who_pays_during_the_trial_begins_a_period_now_and_what_was_given_goes_back_without_credit()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 100);
        await scene.Trials.Begin(ada, "image-basic");
        await scene.BurnAsync(ada.AccountId, Unit.Images, 400);

        var change = (await scene.ChooseAsync(ada, "image-basic")).Value;

        Assert.Equal((PlanChangeKind.Upgrade, 99_000_000_000), (change.Kind, change.ChargedNanos));
        Assert.Equal(500, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_trial_that_the_balance_does_not_follow_has_no_grace_and_one_that_was_paid_does()
    {
        await using var scene = await BillingScene.CreateAsync();
        var tried = await scene.OpenAccountAsync();
        var paid = await scene.OpenAccountAsync(credit: 99);
        await scene.Trials.Begin(tried, "image-basic");
        await scene.ChooseAsync(paid, "image-basic");

        scene.Time.Advance(TimeSpan.FromDays(7));
        await scene.RenewAsync();
        var after = (await scene.Subscriptions.Current(tried.AccountId))!;
        scene.Time.Advance(TimeSpan.FromDays(24));
        await scene.RenewAsync();
        var grace = (await scene.Subscriptions.Current(paid.AccountId))!;

        Assert.Equal((SubscriptionStatus.PastDue, Entitlement.None), (after.Status, after.Entitlement));
        Assert.Equal((SubscriptionStatus.PastDue, Entitlement.Grace), (grace.Status, grace.Entitlement));
        Assert.Null(await scene.Subscriptions.Current(tried.AccountId));
    }

    [Fact]
    public async Task Students_strangers_to_teaching_and_who_has_a_plan_get_none()
    {
        await using var scene = await BillingScene.CreateAsync();
        var school = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        var student = await scene.JoinAsync(school, MemberRole.Member);
        var ada = await scene.OpenAccountAsync();
        await scene.ChooseAsync(school, "image-basic");

        Assert.Equal(Refusal.Forbidden, (await scene.Trials.Begin(student, "edu-starter")).Refusal);
        Assert.Equal("plan.organisation-only", (await scene.Trials.Begin(ada, "edu-starter")).Refusal?.Code);
        Assert.Equal("trial.has-plan", (await scene.Trials.Begin(school, "edu-starter")).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await scene.Trials.Begin(ada, "image-professional")).Refusal);
    }
}
