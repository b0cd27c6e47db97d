using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Costs;

/// <summary>
/// Prices a month of use under a plan, by the functions that charge: terms from the rate card, the allowance first, then <see cref="Rater"/> up the
/// tiers of the month. What the rollup does not know of a request counts for no plan: that it was a batch, went to a light model or was answered before.
/// </summary>
/// <param name="context">Of the account now; the hour and the plan's own kind are filled in.</param>
internal sealed class MonthPricer(RateCard card, PictureMix pictures, PriceContext context, TimeZoneInfo zone)
{
    // Terms by hour are the same for all plans without an overage price of their own.
    private readonly Dictionary<(UsageMonth, decimal, bool, PlanTerm, string?), IReadOnlyList<(PriceTerms Terms, UsageSlice Used)>> runs = [];

    /// <param name="plan">Null: pay-per-use.</param>
    /// <param name="term">Of the plan; a contract has prices of its own.</param>
    /// <param name="units">That a month includes, with what is added to the plan.</param>
    /// <param name="scale">How many times the month's use is priced.</param>
    public MonthCost Price(Plan? plan, PlanTerm term, long units, Money fee, UsageMonth month, decimal scale = 1)
    {
        var uses = new SortedDictionary<Unit, MonthCost.Use>();
        var position = new Dictionary<Unit, long>();
        var left = units;
        foreach (var (terms, used) in Runs(month, scale, plan, term))
        {
            var use = uses.GetValueOrDefault(used.Unit) ?? new MonthCost.Use(used.Unit, 0, 0, Money.Zero, Money.Zero);
            IEnumerable<MeteredUsage> metered = used.Unit == Unit.Images ? pictures.Split(used.Images, terms) : [MeteredUsage.Text(used.InputTokens, used.OutputTokens)];
            foreach (var usage in metered)
            {
                var all = usage.QuotaUnits(terms);
                var covered = plan?.IncludedUnit == usage.Unit ? Math.Min(left, all) : 0;
                left -= covered;
                var price = Rater.Price(terms, usage, position.GetValueOrDefault(usage.Unit), covered);
                position[usage.Unit] = position.GetValueOrDefault(usage.Unit) + price.PaidUnits;
                use = use with { Units = use.Units + all, Covered = use.Covered + covered, Cost = use.Cost + new Money(price.AmountNanos), List = use.List + new Money(price.ListNanos) };
            }

            uses[used.Unit] = use;
        }

        return new MonthCost(fee, [.. uses.Values]);
    }

    /// <summary>The month's use, what follows under the same terms put together.</summary>
    private IReadOnlyList<(PriceTerms Terms, UsageSlice Used)> Runs(UsageMonth month, decimal scale, Plan? plan, PlanTerm term)
    {
        var key = (month, scale, plan is { Education: true }, term, plan?.OverageNanos is null ? null : plan.Key);
        if (runs.TryGetValue(key, out var known))
        {
            return known;
        }

        var found = new List<(PriceTerms Terms, UsageSlice Used)>();
        foreach (var slice in month.Slices.Select(s => s.Times(scale)))
        {
            var at = context with
            {
                LocalTime = TimeZoneInfo.ConvertTime(slice.Hour, zone), Education = context.Education || plan is { Education: true },
                ContractMonths = FactorConditions.ContractMonths(context.ContractMonths, term),
            };
            if (!CatalogReader.TermsFor(card, slice.Model, slice.Unit, at, plan).IsDone(out _, out var terms))
            {
                // A model that is no longer sold costs nobody anything.
                continue;
            }

            if (found is [.., var last] && last.Used.Model == slice.Model && last.Used.Unit == slice.Unit && last.Terms.Factors.SequenceEqual(terms.Factors))
            {
                found[^1] = (last.Terms, last.Used with
                {
                    InputTokens = last.Used.InputTokens + slice.InputTokens, OutputTokens = last.Used.OutputTokens + slice.OutputTokens, Images = last.Used.Images + slice.Images,
                });
            }
            else
            {
                found.Add((terms, slice));
            }
        }

        return runs[key] = found;
    }
}
