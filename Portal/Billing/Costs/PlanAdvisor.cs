using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Costs;

/// <summary>Works out which plan an account's use is cheapest under, from what it really used, by the functions that charge.</summary>
public sealed class PlanAdvisor(IDbContextFactory<PortalDb> databases, CatalogReader catalogue, SubscriptionReader subscriptions, PriceRegion region, TimeProvider clock)
{
    private static readonly long[] SamplePictures = [200, 1_000, 5_000];
    private static readonly long[] SampleTokens = [300_000, 2_000_000, 10_000_000];

    /// <returns>Without any months when nothing was used yet: then <see cref="Expect"/> tells what to expect.</returns>
    public async Task<Outcome<CostComparison>> Compare(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var now = clock.GetUtcNow();
        var offers = await Offers(db, caller, now, cancel);
        var history = await UsageHistory.Read(db, caller.AccountId, now, offers.Zone, cancel);
        if (history.Months.Count == 0)
        {
            return new CostComparison(history, 1, [.. offers.Plans.Select(o => new PlanCost(o.Plan, o.Current, [], new MonthCost(o.Fee, [])))], false);
        }

        var sampled = await PictureMix.Read(db, caller.AccountId, history.Months, cancel);
        var pricer = new MonthPricer(offers.Card, sampled ?? offers.Pictures, offers.Context, offers.Zone);
        var growth = UsageGrowth.Of([.. history.Months.Select(m => pricer.Price(null, PlanTerm.Monthly, 0, Money.Zero, m).Uses.Sum(u => u.List.Amount))]);
        var plans = offers.Plans.Select(o => new PlanCost(
            o.Plan, o.Current, [.. history.Months.Select(m => pricer.Price(o.Plan, o.Term, o.Units, o.Fee, m))],
            MonthCost.Mean([.. history.Months.Select(m => pricer.Price(o.Plan, o.Term, o.Units, o.Fee, m, growth * history.Scale))])));

        // Of two that cost the same the one that the account has, then the simpler one.
        return new CostComparison(history, growth, [.. plans.OrderBy(p => p.Expected.Total).ThenByDescending(p => p.Current)], sampled is not null);
    }

    /// <summary>What to expect of a quiet, a steady and a lively month.</summary>
    public async Task<Outcome<CostExpectation>> Expect(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var offers = await Offers(db, caller, clock.GetUtcNow(), cancel);
        var unit = caller.AccountKind == AccountKind.Organisation ? Unit.Tokens : Unit.Images;
        var units = unit == Unit.Images ? SamplePictures : SampleTokens;
        var pricer = new MonthPricer(offers.Card, offers.Pictures, offers.Context, offers.Zone);

        // Noon in the middle of a month: nobody is promised the price of the night.
        var noon = new DateTimeOffset(offers.At.Year, offers.At.Month, 15, 4, 0, 0, TimeSpan.Zero);
        var months = units.Select(many => new UsageMonth(
            noon, noon.AddMonths(1), [unit == Unit.Images ? new UsageSlice("", noon, 0, 0, many) : new UsageSlice("", noon, many / 2, many / 2, 0)])).ToList();
        return new CostExpectation(unit, units, [.. offers.Plans.Where(o => o.Plan is null || o.Plan.IncludedUnit == unit).Select(o => new PlanCost(
            o.Plan, o.Current, [.. months.Select(m => pricer.Price(o.Plan, o.Term, o.Units, o.Fee, m))], new MonthCost(o.Fee, [])))]);
    }

    private async Task<OfferList> Offers(PortalDb db, Caller caller, DateTimeOffset now, CancellationToken cancel)
    {
        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == caller.AccountId)
            .Select(a => new
            {
                a.Kind, a.TimeZone, a.Education, a.ContractMonths,
                Postpaid = db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
            }).SingleAsync(cancel);
        var zone = LocalDays.Zone(account.TimeZone);
        var card = await catalogue.RateCard(cancel);
        var current = await subscriptions.Current(caller.AccountId, cancel);
        var context = new PriceContext(!account.Postpaid, account.ContractMonths, account.Education, TimeZoneInfo.ConvertTime(now, zone), region.Name)
        {
            Coupons = await AccountDiscounts.FactorsAt(db, caller.AccountId, now, cancel),
        };
        var prices = await PeriodPrices.Read(db, [caller.AccountId], terms: true, cancel);
        var offers = new List<Offer> { new(null, PlanTerm.Monthly, 0, Money.Zero, current is null) };
        foreach (var plan in (await catalogue.Plans(cancel)).Where(p => p.Key != current?.Plan.Key && (!p.Education || account.Kind == AccountKind.Organisation)))
        {
            offers.Add(Priced(plan, PlanExtras.None, PlanTerm.Monthly, false));
        }

        if (current is not null)
        {
            offers.Add(Priced(current.Plan, current.Extras, current.Term, true));
        }

        var images = card.Rates.Find(r => r is { Model: "*", Meter: Meters.Images });
        return new OfferList(now, card, context, zone, PictureMix.Standard(images?.BasePixels ?? 1, images?.BaseSteps ?? 1), offers);

        Offer Priced(Plan plan, PlanExtras extras, PlanTerm term, bool has)
        {
            var price = prices.At(caller.AccountId, plan, extras, term, now);
            var month = Money.FromAmount(price.Amount.Amount / (term == PlanTerm.Yearly ? Terms.Months : plan.PeriodMonths));
            return new Offer(plan, term, (plan.IncludedUnits + extras.Tokens) / plan.PeriodMonths, Money.FromMinorUnits(month.ToMinorUnits()), has);
        }
    }

    /// <param name="Units">That a month includes.</param>
    /// <param name="Fee">A month's.</param>
    private sealed record Offer(Plan? Plan, PlanTerm Term, long Units, Money Fee, bool Current);

    private sealed record OfferList(DateTimeOffset At, RateCard Card, PriceContext Context, TimeZoneInfo Zone, PictureMix Pictures, IReadOnlyList<Offer> Plans);
}
