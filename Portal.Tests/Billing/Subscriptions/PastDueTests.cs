using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

/// <summary>A renewal that the balance does not pay.</summary>
public sealed class PastDueTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task It_is_past_due_its_allowance_is_gone_and_a_top_up_brings_it_back(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await SubscribedAsync(scene);
        var due = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;

        scene.Time.SetUtcNow(due);
        Assert.Equal(new RenewalSummary(0, 1, 0), await scene.RenewAsync());
        var unpaid = (await scene.Subscriptions.Current(ada.AccountId))!;
        var wallet = await scene.WalletAsync(ada.AccountId);
        Assert.Equal((SubscriptionStatus.PastDue, due + RenewalRun.Grace), (unpaid.Status, unpaid.GraceEnd));
        Assert.Equal(("1.00", 0L), (wallet.Spendable.ToTwoDecimals(), wallet.Available(Unit.Images, LedgerCodes.Allowance)));

        scene.Time.Advance(TimeSpan.FromDays(5));
        await scene.TopUpAsync(ada.AccountId, 98);
        Assert.Equal(new RenewalSummary(1, 0, 0), await scene.RenewAsync());

        // The period is the one that was due: the anchor stays.
        var paid = (await scene.Subscriptions.Current(ada.AccountId))!;
        Assert.Equal((SubscriptionStatus.Active, due, due.AddMonths(1), null), (paid.Status, paid.PeriodStart, paid.PeriodEnd, paid.GraceEnd));
        Assert.Equal(500, (await scene.WalletAsync(ada.AccountId)).Available(Unit.Images, LedgerCodes.Allowance));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task It_ends_after_fourteen_days_of_daily_attempts_and_takes_nothing()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await SubscribedAsync(scene);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);

        var runs = new List<RenewalSummary>();
        for (var day = 0; day <= 15; day++)
        {
            runs.Add(await scene.RenewAsync());
            scene.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([.. Enumerable.Repeat(new RenewalSummary(0, 1, 0), 14), new RenewalSummary(0, 0, 1), new RenewalSummary(0, 0, 0)], runs);
        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        Assert.Equal("1.00", (await scene.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        Assert.Null((await scene.Desk.Quote(ada, "image-basic")).Refusal);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Those_who_manage_billing_get_each_mail_once_in_their_own_language_and_students_get_none()
    {
        await using var scene = await BillingScene.CreateAsync();
        var owner = await SubscribedAsync(scene, AccountKind.Organisation);
        var admin = await scene.JoinAsync(owner, MemberRole.BillingAdmin, "zh-CN");
        await scene.JoinAsync(owner, MemberRole.Member);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(owner.AccountId))!.PeriodEnd);

        for (var hour = 0; hour < 15 * 24; hour += 6)
        {
            await scene.RenewAsync();
            scene.Time.Advance(TimeSpan.FromHours(6));
        }

        await using var db = scene.Open();
        var mails = await db.OutboxMails.OrderBy(m => m.CreatedAt).ToListAsync();
        Assert.Equal(
            ["Your Basic plan could not be renewed", "Your Basic plan ends on 15 August 2026", "Your Basic plan has ended"],
            mails.Where(m => m.To == owner.Email).Select(m => m.Subject));
        Assert.Equal(["您的基础版未能续订", "您的基础版将于 2026年8月15日 结束", "您的基础版已结束"], mails.Where(m => m.To == admin.Email).Select(m => m.Subject));
        Assert.Equal(6, mails.Count);
        Assert.All(mails, m => Assert.Contains("¥99.00", m.Html, StringComparison.Ordinal));
    }

    [Fact]
    public async Task F25_a_name_full_of_markup_is_inert_in_a_mail()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await SubscribedAsync(scene);
        await using (var db = scene.Open())
        {
            await db.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, "<script>alert(1)</script>"));
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(p => p.DisplayName, "<img src=x>"));
        }

        scene.Time.SetUtcNow((await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);
        await scene.RenewAsync();

        await using var after = scene.Open();
        var html = (await after.OutboxMails.SingleAsync()).Html;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_it_ends_it_at_once()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await SubscribedAsync(scene);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);
        await scene.RenewAsync();

        Assert.Null((await scene.Desk.Cancel(ada)).Refusal);

        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
    }

    [Theory]
    [InlineData("image-basic", "99.00")]
    [InlineData("image-advanced", "399.00")]
    public async Task It_can_be_paid_at_once_with_the_same_plan_or_another(string plan, string charged)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await SubscribedAsync(scene);
        var due = (await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd;
        scene.Time.SetUtcNow(due.AddDays(2));
        await scene.RenewAsync();
        await scene.TopUpAsync(ada.AccountId, 400);

        var change = (await scene.ChooseAsync(ada, plan)).Value;

        Assert.Equal((PlanChangeKind.Renew, charged, due), (change.Kind, new Money(change.ChargedNanos).ToTwoDecimals(), change.From));
        Assert.Equal(SubscriptionStatus.Active, (await scene.Subscriptions.Current(ada.AccountId))!.Status);
        await scene.AssertBooksAsync();
    }

    private static async Task<Caller> SubscribedAsync(BillingScene scene, AccountKind kind = AccountKind.Personal)
    {
        var caller = await scene.OpenAccountAsync(kind, credit: 100);
        Assert.Null((await scene.ChooseAsync(caller, "image-basic")).Refusal);
        return caller;
    }
}
