using Microsoft.EntityFrameworkCore;
using Portal.Catalog.Editing;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.PriceChanges;

public sealed class RunningContractTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_a_contract_costs_what_was_agreed_whatever_is_published_while_it_runs_unless_that_is_cheaper(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var (billing, time) = (scene.Billing, scene.Billing.Time);
        var (bound, late) = (await billing.OpenAccountAsync(credit: 2000), await billing.OpenAccountAsync());
        var quote = (await billing.Desk.Quote(bound, "image-basic", term: PlanTerm.Contract)).Value;
        Assert.Null((await billing.Desk.Choose(bound, quote, "once")).Refusal);
        time.Advance(TimeSpan.FromDays(3));

        Assert.Null((await scene.PriceAsync(p => Contract(p, 0.95m))).Refusal);
        Assert.Equal(84.15m, (await billing.Subscriptions.Current(bound.AccountId))!.NextPrice.Amount.Amount);
        Assert.Equal(94.05m, (await billing.Desk.Quote(late, "image-basic", term: PlanTerm.Contract)).Value.Total.Amount);
        time.SetUtcNow(quote.To.AddDays(1));
        await billing.RenewAsync();

        Assert.Null((await scene.PriceAsync(p => Contract(p, 0.5m))).Refusal);
        time.SetUtcNow((await billing.Subscriptions.Current(bound.AccountId))!.PeriodEnd);
        await billing.RenewAsync();
        await using var db = billing.Open();
        Assert.Equal([84.15m, 84.15m, 49.5m], (await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.TotalNanos).ToListAsync()).Select(nanos => new Money(nanos).Amount));
    }

    private static PricesEntry Contract(PricesEntry prices, decimal multiplier) =>
        prices with { Factors = [.. prices.Factors.Select(f => f.Name == "contract12Months" ? f with { Multiplier = multiplier } : f)] };
}
