using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions;

public sealed class PlanCareTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_extension_is_free_keeps_the_allowance_and_the_next_period_follows_it(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 3000);
        Assert.Null((await scene.ChooseAsync(customer, "edu-starter")).Refusal);
        await scene.BurnAsync(customer.AccountId, Unit.Tokens, 1000);
        var (care, staff, form) = (new PlanCare(scene.Ledger), customer with { PersonId = Guid.NewGuid(), IsSupport = true }, Guid.NewGuid());
        var before = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!;
        var credit = (await scene.WalletAsync(customer.AccountId)).Spendable;
        var left = (await scene.WalletAsync(customer.AccountId)).Available(Unit.Tokens, LedgerCodes.Allowance);

        Assert.Null((await care.Extend(staff, customer.AccountId, 10, "Outage of Monday", form, Cancel)).Refusal);
        Assert.Null((await care.Extend(staff, customer.AccountId, 10, "Outage of Monday", form, Cancel)).Refusal);
        Assert.Equal("idempotency.mismatch", (await care.Extend(staff, customer.AccountId, 11, "Outage of Monday", form, Cancel)).Refusal?.Code);

        var after = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!;
        Assert.Equal(before.PeriodEnd.AddDays(10), after.PeriodEnd);
        Assert.Equal(credit, (await scene.WalletAsync(customer.AccountId)).Spendable);
        scene.Time.SetUtcNow(before.PeriodEnd.AddDays(9));
        await scene.ExpireAsync();
        await scene.RenewAsync(cancel: Cancel);
        Assert.Equal(left, (await scene.WalletAsync(customer.AccountId)).Available(Unit.Tokens, LedgerCodes.Allowance));
        Assert.Equal(credit, (await scene.WalletAsync(customer.AccountId)).Spendable);

        scene.Time.SetUtcNow(after.PeriodEnd.AddHours(1));
        await scene.RenewAsync(cancel: Cancel);
        await scene.ExpireAsync();
        var next = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!;
        Assert.Equal(after.PeriodEnd, next.PeriodStart);
        Assert.True(next.PeriodEnd - next.PeriodStart > TimeSpan.FromDays(27));
        await using var db = scene.Open();
        var deed = await db.AuditEntries.SingleAsync(a => a.Action == "plan.extended", Cancel);
        Assert.Equal((staff.PersonId, "Outage of Monday", $"{before.PeriodEnd:u}", $"{after.PeriodEnd:u}"), (deed.PersonId, deed.Reason, deed.Before, deed.After));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_upgrade_credits_the_days_that_were_paid_for_and_none_that_were_given(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(credit: 1000);
        Assert.Null((await scene.ChooseAsync(customer, "image-basic")).Refusal);
        var paid = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!;
        scene.Time.SetUtcNow(paid.PeriodStart.AddDays(10));
        var staff = customer with { PersonId = Guid.NewGuid(), IsSupport = true };
        Assert.Null((await new PlanCare(scene.Ledger).Extend(staff, customer.AccountId, 30, "Outage of Monday", Guid.NewGuid(), Cancel)).Refusal);

        var early = (await scene.Desk.Quote(customer, "image-advanced", cancel: Cancel)).Value;
        scene.Time.SetUtcNow(paid.PeriodEnd.AddDays(1));
        var late = (await scene.Desk.Quote(customer, "image-advanced", cancel: Cancel)).Value;

        Assert.Equal(Proration.CreditNanos(Money.FromAmount(99).Nanos, paid.PeriodStart, paid.PeriodEnd, early.At, 500, 500), early.CreditNanos);
        Assert.Equal((0, 399m), (late.CreditNanos, late.Total.Amount));
        Assert.Null((await scene.ChooseAsync(customer, "image-advanced")).Refusal);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Days_that_are_given_after_a_move_to_another_time_zone_add_no_month_to_a_contract()
    {
        // A year later the clocks of Los Angeles are still an hour behind: the contract ends an hour after the month does in Shanghai.
        await using var scene = await BillingScene.CreateAsync(time: new FakeTime(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.FromHours(-7))));
        var customer = await scene.OpenAccountAsync(credit: 500, zone: "America/Los_Angeles");
        var quote = (await scene.Desk.Quote(customer, "image-basic", term: PlanTerm.Contract, cancel: Cancel)).Value;
        Assert.Null((await scene.Desk.Choose(customer, quote, "token", Cancel)).Refusal);
        await using (var db = scene.Open())
        {
            await db.Accounts.Where(a => a.Id == customer.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.TimeZone, "Asia/Shanghai"), Cancel);
        }

        var staff = customer with { PersonId = Guid.NewGuid(), IsSupport = true };
        Assert.Null((await new PlanCare(scene.Ledger).Extend(staff, customer.AccountId, 10, "Outage of Monday", Guid.NewGuid(), Cancel)).Refusal);

        var given = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!.TermEnd!.Value - quote.TermEnd!.Value;
        Assert.InRange(given, TimeSpan.FromDays(9), TimeSpan.FromDays(11));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_paid_plan_that_began_as_a_trial_keeps_its_grace_when_days_are_given_and_an_unpaid_trial_has_none(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (payer, trier) = (await scene.OpenAccountAsync(credit: 99), await scene.OpenAccountAsync());
        foreach (var customer in (Caller[])[payer, trier])
        {
            var trial = (await scene.Trials.Begin(customer, "image-basic", Cancel)).Value;
            Assert.Null((await Extend(customer)).Refusal);
            scene.Time.SetUtcNow(trial.To.AddDays(5).AddHours(1));
            await scene.RenewAsync(cancel: Cancel);
        }

        Assert.Equal(Entitlement.None, (await scene.Subscriptions.Current(trier.AccountId, Cancel))!.Entitlement);
        Assert.Null((await Extend(payer)).Refusal);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(payer.AccountId, Cancel))!.PeriodEnd.AddHours(1));
        await scene.RenewAsync(cancel: Cancel);

        Assert.Equal(Entitlement.Grace, (await scene.Subscriptions.Current(payer.AccountId, Cancel))!.Entitlement);
        await scene.AssertBooksAsync();

        Task<Outcome<Done>> Extend(Caller customer) => new PlanCare(scene.Ledger).Extend(
            customer with { PersonId = Guid.NewGuid(), IsSupport = true }, customer.AccountId, 5, "Outage of Monday", Guid.NewGuid(), Cancel);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Days_are_given_again_and_again_only_up_to_the_limit_of_one_time(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(credit: 99);
        Assert.Null((await scene.ChooseAsync(customer, "image-basic")).Refusal);
        var paid = (await scene.Subscriptions.Current(customer.AccountId, Cancel))!.PeriodEnd;

        Assert.Null(await Extend(40));
        Assert.Equal(new Refusal("plan.extend-more", "60", "40"), await Extend(21));
        Assert.Null(await Extend(20));
        Assert.Equal(new Refusal("plan.extend-more", "60", "60"), await Extend(1));

        Assert.Equal(paid.AddDays(PlanCare.DaysMax), (await scene.Subscriptions.Current(customer.AccountId, Cancel))!.PeriodEnd);

        async Task<Refusal?> Extend(int days) => (await new PlanCare(scene.Ledger).Extend(
            customer with { PersonId = Guid.NewGuid(), IsSupport = true }, customer.AccountId, days, "Outage of Monday", Guid.NewGuid(), Cancel)).Refusal;
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_staff_end_a_plan_with_its_period_and_say_why(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 500);
        Assert.Null((await scene.ChooseAsync(customer, "edu-starter")).Refusal);
        var (care, staff) = (new PlanCare(scene.Ledger), customer with { PersonId = Guid.NewGuid(), IsSupport = true });

        Assert.Null((await care.Cancel(staff, customer.AccountId, "Asked on the phone", Cancel)).Refusal);
        Assert.Equal("plan.none", (await care.Cancel(staff, customer.AccountId, "Asked on the phone", Cancel)).Refusal?.Code);

        Assert.True((await scene.Subscriptions.Current(customer.AccountId, Cancel))!.CancelAtPeriodEnd);
        await using var db = scene.Open();
        Assert.Equal("Asked on the phone", (await db.AuditEntries.SingleAsync(a => a.Action == "plan.canceled-by-staff", Cancel)).Reason);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Customers_visitors_and_made_up_days_are_refused()
    {
        await using var scene = await BillingScene.CreateAsync();
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 500);
        var (care, staff) = (new PlanCare(scene.Ledger), customer with { PersonId = Guid.NewGuid(), IsSupport = true });

        Assert.Equal("adjust.own", (await Extend(customer with { IsSupport = true }, 5)).Refusal?.Code);
        Assert.Equal("plan.none", (await Extend(staff, 5)).Refusal?.Code);
        Assert.Null((await scene.ChooseAsync(customer, "edu-starter")).Refusal);
        Assert.Equal(Refusal.NotFound, (await Extend(customer, 5)).Refusal);
        Assert.Equal(Refusal.ReadOnly, (await Extend(staff with { ReadOnly = true }, 5)).Refusal);
        Assert.Equal("plan.extend-days", (await Extend(staff, 0)).Refusal?.Code);
        Assert.Equal("plan.extend-days", (await Extend(staff, 61)).Refusal?.Code);
        Assert.Equal("reason.missing", (await care.Extend(staff, customer.AccountId, 5, " ", Guid.NewGuid(), Cancel)).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await care.Extend(staff, Guid.NewGuid(), 5, "x", Guid.NewGuid(), Cancel)).Refusal);

        Task<Outcome<Done>> Extend(Caller caller, int days) => care.Extend(caller, customer.AccountId, days, "x", Guid.NewGuid(), Cancel);
    }
}
