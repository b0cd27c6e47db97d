using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Support;
using Portal.Tests.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support;

public sealed class CreditAdjustmentsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Credit_is_given_once_and_taken_back_and_what_was_paid_in_is_never_taken(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(credit: 50);
        var support = await scene.OpenAccountAsync() with { IsSupport = true };
        var (desk, form) = (Desk(scene), Guid.NewGuid());

        Assert.Null((await desk.Adjust(support, customer.AccountId, false, Money.FromAmount(80), 90, "Outage", form, Cancel)).Refusal);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await desk.Adjust(support, customer.AccountId, false, Money.FromAmount(80), 90, "Outage", form, Cancel)).Refusal);
        var tooMuch = await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(80.01m), 0, "Too much", Guid.NewGuid(), Cancel);
        Assert.Null((await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(30), 0, "Too much", Guid.NewGuid(), Cancel)).Refusal);

        var wallet = await scene.WalletAsync(customer.AccountId);
        Assert.Equal(new Refusal("adjust.short", "80.00"), tooMuch.Refusal);
        Assert.Equal((50m, 50m), (new Money(wallet.Available(Unit.Money, LedgerCodes.CreditGranted)).Amount, wallet.Purchased.Amount));
        Assert.Equal((100m, 890m), ((await desk.Limits(support, Cancel)).Value.Once.Amount, (await desk.Limits(support, Cancel)).Value.Month.Amount));
        await using var db = scene.Open();
        var deeds = await db.AuditEntries.Where(a => a.AccountId == customer.AccountId).OrderBy(a => a.Id).ToListAsync(Cancel);
        Assert.Equal([("credit.granted", "0.00", "80.00", "Outage"), ("credit.taken", "80.00", "50.00", "Too much")], deeds.Select(d => (d.Action, d.Before!, d.After!, d.Reason!)));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_bonus_is_not_the_staffs_to_take_and_a_second_click_takes_nothing_more()
    {
        await using var scene = await BillingScene.CreateAsync();
        var customer = await scene.OpenAccountAsync(credit: 50);
        var support = await scene.OpenAccountAsync() with { IsSupport = true };
        var (issued, bonus) = (new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, Guid.NewGuid()));
        Assert.Null((await scene.Ledger.Apply(new Move(
            customer.AccountId, "bonus", "bonus", [new Leg(issued, bonus, Money.FromAmount(20).Nanos, TransferCodes.TopUpBonus)]), Cancel)).Refusal);
        var (desk, form) = (Desk(scene), Guid.NewGuid());
        Assert.Null((await desk.Adjust(support, customer.AccountId, false, Money.FromAmount(5), 90, "Outage", Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await desk.Adjust(support, customer.AccountId, false, Money.FromAmount(5), 30, "Outage", Guid.NewGuid(), Cancel)).Refusal);

        var tooMuch = await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(10.01m), 0, "Too much", form, Cancel);
        Assert.Null((await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(8), 0, "Too much", form, Cancel)).Refusal);
        Assert.Null((await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(8), 0, "Too much", form, Cancel)).Refusal);
        var other = await desk.Adjust(support, customer.AccountId, true, Money.FromAmount(1), 0, "Too much", form, Cancel);

        Assert.Equal((new Refusal("adjust.short", "10.00"), "idempotency.mismatch"), (tooMuch.Refusal, other.Refusal?.Code));
        Assert.Equal(22m, new Money((await scene.WalletAsync(customer.AccountId)).Available(Unit.Money, LedgerCodes.CreditGranted)).Amount);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_months_limit_holds_for_many_at_once_in_many_accounts(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var support = await scene.OpenAccountAsync() with { IsSupport = true };
        var customers = new List<Guid>();
        for (var i = 0; i < 6; i++) customers.Add((await scene.OpenAccountAsync()).AccountId);
        var desk = Desk(scene, new AdjustmentOptions { SupportMonth = 250 });

        var outcomes = await Task.WhenAll(customers.Select(c => desk.Adjust(support, c, false, Money.FromAmount(100), 30, "Outage", Guid.NewGuid(), Cancel)));
        var rest = (await desk.Limits(support, Cancel)).Value;
        scene.Time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(2, outcomes.Count(o => o.Refusal is null));
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal(new Refusal("adjust.month", "50.00"), o.Refusal));
        Assert.Equal((50m, 50m), (rest.Once.Amount, rest.Month.Amount));
        Assert.Null((await desk.Adjust(support, customers[0], false, Money.FromAmount(100), 30, "A new month", Guid.NewGuid(), Cancel)).Refusal);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Made_up_amounts_days_and_people_are_refused_and_nobody_adjusts_their_own_account()
    {
        await using var scene = await BillingScene.CreateAsync();
        var customer = await scene.OpenAccountAsync();
        var support = await scene.OpenAccountAsync() with { IsSupport = true };

        Assert.Equal(new Refusal("goodwill.amount", "100.00"), await Adjust(support, 100.01m));
        Assert.Equal("goodwill.amount", (await Adjust(support, 0))?.Code);
        Assert.Equal("goodwill.amount", (await Adjust(support, -1))?.Code);
        Assert.Equal("goodwill.amount", (await Adjust(support, 1.005m))?.Code);
        Assert.Equal("goodwill.days", (await Adjust(support, 1, days: 0))?.Code);
        Assert.Equal("reason.missing", (await Adjust(support, 1, reason: " "))?.Code);
        Assert.Equal(Refusal.NotFound, await Adjust(customer, 1));
        Assert.Equal(Refusal.NotFound, await Adjust(support, 1, account: Guid.NewGuid()));
        Assert.Equal("adjust.own", (await Adjust(support, 1, account: support.AccountId))?.Code);
        Assert.Null(await Adjust(support with { IsAdministrator = true }, 10_000));
        await scene.AssertBooksAsync();

        async Task<Refusal?> Adjust(Caller caller, decimal amount, int days = 30, string reason = "Outage", Guid? account = null) =>
            (await Desk(scene).Adjust(caller, account ?? customer.AccountId, false, Money.FromAmount(amount), days, reason, Guid.NewGuid(), Cancel)).Refusal;
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_seat_that_the_staff_never_took_keeps_nobody_from_an_account_and_one_that_they_took_does(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation);
        var support = await scene.OpenAccountAsync() with { IsSupport = true };
        await using var db = scene.Open();
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = customer.AccountId, PersonId = support.PersonId, CreatedAt = scene.Time.GetUtcNow() };
        db.Memberships.Add(seat);
        await db.SaveChangesAsync(Cancel);
        var callers = new Callers(scene.Databases, scene.Time);

        await callers.Resolve(In(), Cancel);
        Assert.Null((await Adjust()).Refusal);
        Assert.Equal(customer.AccountId, (await callers.Resolve(In(new Claim(Callers.AccountClaim, $"{customer.AccountId}")), Cancel))?.AccountId);

        Assert.Equal("adjust.own", (await Adjust()).Refusal?.Code);
        await db.Memberships.Where(m => m.Id == seat.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, scene.Time.GetUtcNow()), Cancel);
        Assert.Equal("adjust.own", (await Adjust()).Refusal?.Code);

        Task<Outcome<Done>> Adjust() => Desk(scene).Adjust(support, customer.AccountId, false, Money.FromAmount(1), 30, "Outage", Guid.NewGuid(), Cancel);

        ClaimsPrincipal In(params Claim[] chosen) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{support.PersonId}"), .. chosen]));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Another_account_with_an_alias_of_the_address_makes_nobody_another_person(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (support, alias) = (await scene.OpenAccountAsync() with { IsSupport = true }, await scene.OpenAccountAsync());
        var (school, class1) = (await scene.OpenAccountAsync(AccountKind.Organisation), await scene.OpenAccountAsync(AccountKind.Organisation));
        await using var db = scene.Open();
        await db.Users.Where(p => p.Id == alias.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Email, support.Email.Replace("@", "+shop@", StringComparison.Ordinal)), Cancel);
        db.Memberships.Add(new Membership { Id = Guid.NewGuid(), AccountId = school.AccountId, PersonId = alias.PersonId, Role = MemberRole.BillingAdmin, CreatedAt = scene.Time.GetUtcNow(), AcceptedAt = scene.Time.GetUtcNow() });
        db.Memberships.Add(new Membership { Id = Guid.NewGuid(), AccountId = class1.AccountId, PersonId = alias.PersonId, Role = MemberRole.Member, CreatedAt = scene.Time.GetUtcNow(), AcceptedAt = scene.Time.GetUtcNow() });
        await db.SaveChangesAsync(Cancel);

        Assert.Equal("adjust.own", (await Adjust(alias.AccountId))?.Code);
        Assert.Equal("adjust.own", (await Adjust(school.AccountId))?.Code);
        Assert.Null(await Adjust(class1.AccountId));

        async Task<Refusal?> Adjust(Guid account) => (await Desk(scene).Adjust(support, account, false, Money.FromAmount(1), 30, "Outage", Guid.NewGuid(), Cancel)).Refusal;
    }

    private static CreditAdjustments Desk(BillingScene scene, AdjustmentOptions? options = null) => new(scene.Ledger, scene.Databases, Options.Create(options ?? new AdjustmentOptions()), scene.Time);
}
