using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Support.Charges;
using Portal.Tests.Billing;
using Portal.Tests.Fixtures;
using Portal.Tests.Payments;
using Portal.Usage;
using static Portal.Tests.Support.Charges.ChargedPrompts;

namespace Portal.Tests.Support.Charges;

/// <summary>Row B7 of the money bugs: what is given back goes back to every source and every counter.</summary>
public sealed class ChargeReturnsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B7_a_charge_is_given_back_once_to_every_source_and_counter_that_it_took(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (customer, support) = (await scene.OpenAccountAsync(credit: 50), await scene.OpenAccountAsync() with { IsSupport = true });
        var end = scene.Time.GetUtcNow().AddDays(20);
        await GrantAsync(scene, customer, LedgerCodes.Allowance, Unit.Tokens, 400, end);
        await GrantAsync(scene, customer, LedgerCodes.CreditGranted, Unit.Money, Money.FromAmount(1).Nanos, end);
        foreach (var (meter, window) in ((CapMeter, CapWindow)[])[(CapMeter.Money, CapWindow.Day), (CapMeter.Tokens, CapWindow.Period), (CapMeter.Money, CapWindow.Total)])
        {
            Assert.Null((await scene.Ledger.Apply(new SetCap(customer.AccountId, customer.AccountId, meter, window, Money.FromAmount(1000).Nanos))).Refusal);
        }
        var before = await BalancesAsync(scene, customer);
        var request = await ChargeAsync(scene.Ledger, scene.Time, customer, worst: 3000, used: 3200);
        var desk = Desk(scene);

        var shown = (await desk.Preview(support, request, Cancel)).Value;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.GiveBack(support, request, "The answer was empty", Cancel)));

        Assert.All(outcomes, o => Assert.Null(o.Refusal));
        Assert.Equal((2.8m, 400, null), (shown.Money.Amount, shown.Units, shown.WhyNot));
        Assert.Equal(before, await BalancesAsync(scene, customer));
        Assert.Equal("charge.given-back", (await desk.GiveBack(support, request, "Another reason", Cancel)).Refusal?.Code);
        Assert.Equal("charge.given-back", (await desk.Preview(support, request, Cancel)).Value.WhyNot?.Code);
        await using var db = scene.Open();
        Assert.All(await db.Counters.Where(c => c.WalletId == customer.AccountId).ToListAsync(Cancel), c => Assert.Equal((0, 0), (c.Used, c.Held)));
        Assert.Equal(4, await db.Counters.CountAsync(c => c.WalletId == customer.AccountId, Cancel));
        var deed = await db.AuditEntries.SingleAsync(a => a.Action == "charge.returned", Cancel);
        Assert.Equal(("The answer was empty", $"{request}"), (deed.Reason, deed.Subject));
        var listed = Assert.Single((await new UsageRequests(scene.Databases, scene.Time).Page(customer, new UsageFilter(), 0, 10, Cancel)).Value.Requests);
        Assert.Equal(Money.FromAmount(2.8m).Nanos, listed.ReturnedNanos);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task What_counted_in_windows_that_are_over_stays_counted()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (customer, support) = (await scene.OpenAccountAsync(credit: 50), await scene.OpenAccountAsync() with { IsSupport = true });
        Assert.Null((await scene.Ledger.Apply(new SetCap(customer.AccountId, customer.AccountId, CapMeter.Money, CapWindow.Day, Money.FromAmount(1000).Nanos))).Refusal);
        var request = await ChargeAsync(scene.Ledger, scene.Time, customer, worst: 1000, used: 1000);
        scene.Time.Advance(TimeSpan.FromDays(32));
        var today = await ChargeAsync(scene.Ledger, scene.Time, customer, worst: 500, used: 500);

        Assert.Null((await Desk(scene).GiveBack(support, request, "Late", Cancel)).Refusal);
        Assert.Null((await Desk(scene).GiveBack(support, today, "Today", Cancel)).Refusal);

        await using var db = scene.Open();
        var used = await db.Counters.Where(c => c.WalletId == customer.AccountId).OrderBy(c => c.Key).Select(c => c.Used).ToListAsync(Cancel);
        Assert.Equal([Money.FromAmount(1).Nanos, 0, 1000, 0], used);
        Assert.Equal(50m, (await scene.WalletAsync(customer.AccountId)).Purchased.Amount);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Limits_own_accounts_expired_sources_and_customers_are_refused_and_nothing_moves()
    {
        await using var scene = await BillingScene.CreateAsync();
        var customer = await scene.OpenAccountAsync(credit: 500);
        var (support, admin) = (await scene.OpenAccountAsync() with { IsSupport = true }, await scene.OpenAccountAsync() with { IsAdministrator = true });
        await GrantAsync(scene, customer, LedgerCodes.Allowance, Unit.Tokens, 100, scene.Time.GetUtcNow().AddDays(1));
        var covered = await ChargeAsync(scene.Ledger, scene.Time, customer, worst: 100, used: 100);
        var large = await ChargeAsync(scene.Ledger, scene.Time, customer, worst: 100_001, used: 100_001);
        var desk = Desk(scene);
        scene.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(new Refusal("charge.above-limit", "100.00"), (await desk.GiveBack(support, large, "x", Cancel)).Refusal);
        Assert.Equal("charge.lapsed", (await desk.GiveBack(support, covered, "x", Cancel)).Refusal?.Code);
        Assert.Equal("adjust.own", (await desk.GiveBack(customer with { IsAdministrator = true }, large, "x", Cancel)).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await desk.GiveBack(customer, large, "x", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Preview(customer, large, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.GiveBack(support, Guid.NewGuid(), "x", Cancel)).Refusal);
        Assert.Equal(Refusal.ReadOnly, (await desk.GiveBack(support with { ReadOnly = true }, large, "x", Cancel)).Refusal);
        Assert.Equal("reason.missing", (await desk.GiveBack(support, large, " ", Cancel)).Refusal?.Code);
        Assert.Equal(399.999m, (await scene.WalletAsync(customer.AccountId)).Purchased.Amount);
        Assert.Null((await desk.GiveBack(admin, large, "x", Cancel)).Refusal);
        Assert.Equal(500m, (await scene.WalletAsync(customer.AccountId)).Purchased.Amount);
    }

    [Fact]
    public async Task What_was_charged_on_account_and_repaid_since_becomes_the_customers_own_money()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var ledger = scene.Host.Get<LedgerWriter>();
        Assert.Null((await ledger.Apply(new SetPostpaidLimit(scene.Customer.AccountId, Money.FromAmount(100).Nanos))).Refusal);
        var request = await ChargeAsync(ledger, scene.Host.Time, scene.Customer, worst: 60_000, used: 60_000);
        await scene.TopUpAsync("50");

        Assert.Null((await Desk(ledger, scene.Host.Database.Factory, scene.Host.Time).GiveBack(scene.Staff, request, "Wrong model", Cancel)).Refusal);

        var wallet = await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId, Cancel);
        Assert.Equal((50m, 0), (wallet.Purchased.Amount, wallet.Accounts.Single(a => a.Code == LedgerCodes.Postpaid).Balance));
    }

    /// <summary>Of everything that can be spent.</summary>
    private static async Task<List<(string, long, long)>> BalancesAsync(BillingScene scene, Caller customer)
    {
        await using var db = scene.Open();
        var accounts = await db.LedgerAccounts.Where(a => a.WalletId == customer.AccountId && a.Floor != null).OrderBy(a => a.Id).ToListAsync(Cancel);
        return accounts.ConvertAll(a => (a.Code + a.Key, a.Balance, a.Held));
    }
}
