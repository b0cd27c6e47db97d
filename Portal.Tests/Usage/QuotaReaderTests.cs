using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Billing;
using Portal.Tests.Fixtures;
using Portal.Usage;

namespace Portal.Tests.Usage;

public sealed class QuotaReaderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_period_that_was_given_more_days_shows_what_it_granted_and_used_until_its_new_end(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 3000);
        var period = (await scene.ChooseAsync(customer, "edu-starter")).Value;
        await scene.BurnAsync(customer.AccountId, Unit.Tokens, 1_000);
        var (care, staff) = (new PlanCare(scene.Ledger), customer with { PersonId = Guid.NewGuid(), IsSupport = true });
        Assert.Null((await care.Extend(staff, customer.AccountId, 4, "Outage of Monday", Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await care.Extend(staff, customer.AccountId, 6, "Outage of Tuesday", Guid.NewGuid(), Cancel)).Refusal);

        var expected = new QuotaState(Unit.Tokens, 500_000, 1_000, 0, 499_000, period.To.AddDays(10));
        Assert.Equal([expected], await ReadAsync(scene, customer));
        scene.Time.SetUtcNow(period.To.AddDays(9));
        await scene.ExpireAsync();
        Assert.Equal([expected], await ReadAsync(scene, customer));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task After_an_upgrade_the_period_that_was_left_counts_no_more_but_for_what_seats_still_have_of_it(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 3000);
        var left = (await scene.ChooseAsync(customer, "edu-starter")).Value;
        await scene.BurnAsync(customer.AccountId, Unit.Tokens, 1_000);
        var pupil = new AccountRef(LedgerCodes.Seat, Unit.Tokens, customer.MembershipId);
        Assert.Null((await scene.Ledger.Apply(new Draw(customer.AccountId, "seat", "p", "allocate", Unit.Tokens, 300, [LedgerCodes.Allowance], pupil, KeepExpiry: true), Cancel)).Refusal);
        scene.Time.Advance(TimeSpan.FromDays(10));
        var period = (await scene.ChooseAsync(customer, "edu-standard")).Value;

        Assert.Equal([new QuotaState(Unit.Tokens, 2_000_300, 0, 0, 2_000_300, left.To)], await ReadAsync(scene, customer));
        scene.Time.SetUtcNow(left.To);
        await scene.ExpireAsync();
        Assert.Equal([new QuotaState(Unit.Tokens, 2_000_000, 0, 0, 2_000_000, period.To)], await ReadAsync(scene, customer));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_seat_whose_period_was_given_more_days_shows_what_it_was_given_and_used_until_the_new_end(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var customer = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 3000);
        var period = (await scene.ChooseAsync(customer, "edu-starter")).Value;
        var pupil = new AccountRef(LedgerCodes.Seat, Unit.Tokens, customer.MembershipId);
        Assert.Null((await scene.Ledger.Apply(new Draw(customer.AccountId, "seat", "p", "allocate", Unit.Tokens, 300, [LedgerCodes.Allowance], pupil, KeepExpiry: true), Cancel)).Refusal);
        Assert.Null((await scene.Ledger.Apply(new Draw(customer.AccountId, "burn", "p", "prompt", Unit.Tokens, 100, [LedgerCodes.Seat], new(LedgerCodes.Used, Unit.Tokens)), Cancel)).Refusal);
        var (care, staff) = (new PlanCare(scene.Ledger), customer with { PersonId = Guid.NewGuid(), IsSupport = true });
        Assert.Null((await care.Extend(staff, customer.AccountId, 4, "Outage of Monday", Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await care.Extend(staff, customer.AccountId, 6, "Outage of Tuesday", Guid.NewGuid(), Cancel)).Refusal);

        await using var db = scene.Open();
        var expected = new QuotaState(Unit.Tokens, 300, 100, 0, 200, period.To.AddDays(10));
        Assert.Equal([expected], await Seat());
        scene.Time.SetUtcNow(period.To.AddDays(9));
        await scene.ExpireAsync();
        Assert.Equal([expected], await Seat());
        scene.Time.SetUtcNow(period.To.AddDays(10));
        Assert.Empty(await Seat());

        Task<IReadOnlyList<QuotaState>> Seat() => QuotaReader.OfSeat(db, customer.AccountId, customer.MembershipId, scene.Time.GetUtcNow(), Cancel);
    }

    private static async Task<IReadOnlyList<QuotaState>> ReadAsync(BillingScene scene, Caller customer)
    {
        await using var db = scene.Open();
        return await QuotaReader.OfAccount(db, customer.AccountId, scene.Time.GetUtcNow(), Cancel);
    }
}
