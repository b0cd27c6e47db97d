using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions.Periods;

/// <summary>What periods cost some accounts: their coupons and the rate cards' factors, read once.</summary>
internal sealed class PeriodPrices
{
    private readonly AccountDiscounts discounts;
    private readonly List<RateCard> cards;

    private PeriodPrices(AccountDiscounts discounts, List<RateCard> cards)
    {
        this.discounts = discounts;
        this.cards = cards;
    }

    /// <param name="terms">Whether more than monthly prices will be asked for.</param>
    public static async Task<PeriodPrices> Read(PortalDb db, IReadOnlyCollection<Guid> accountIds, bool terms, CancellationToken cancel)
    {
        var cards = terms ? await CatalogReader.CardsAt(db, DateTimeOffset.MaxValue).Include(c => c.Factors).AsNoTracking().ToListAsync(cancel) : [];
        cards.ForEach(card => card.Factors.Sort((a, b) => a.Order.CompareTo(b.Order)));
        return new PeriodPrices(await AccountDiscounts.Read(db, accountIds, cancel), cards);
    }

    /// <summary>The same accounts, if this card were in force too.</summary>
    public PeriodPrices With(RateCard card) => new(discounts, [card, .. cards]);

    /// <summary>What a period that begins at an instant costs, with the coupons and the factors of then. Of a year that is paid at once: the year.</summary>
    public PeriodPrice At(Guid accountId, Plan plan, PlanExtras extras, PlanTerm term, DateTimeOffset at) => At(accountId, plan, extras, term, at, at);

    /// <summary>
    /// What the period that is due costs: with the coupons of its first moment, as it was shown, however late it is renewed, and within a contract with
    /// the factors that it was taken with; or with those of now when they make it cheaper.
    /// </summary>
    public PeriodPrice OfRenewal(Subscription subscription, NextPeriod next, DateTimeOffset now)
    {
        var taken = next.Begins ? null : subscription.TermEnd?.AddMonths(-Terms.Months);
        DateTimeOffset[] instants = now > subscription.PeriodEnd ? [subscription.PeriodEnd, now] : [subscription.PeriodEnd];
        return instants.SelectMany(
            at => (DateTimeOffset[])(taken is { } then ? [then, at] : [at]),
            (at, factorsAt) => At(subscription.AccountId, next.Plan, next.Extras, next.Term, at, factorsAt)).MinBy(price => price.Amount)!;
    }

    /// <param name="at">Of the coupons.</param>
    private PeriodPrice At(Guid accountId, Plan plan, PlanExtras extras, PlanTerm term, DateTimeOffset at, DateTimeOffset factorsAt)
    {
        var factors = term == PlanTerm.Monthly
            ? []
            : (cards.Find(c => c.EffectiveFrom <= factorsAt) ?? cards[^1]).Factors.Where(f => FactorConditions.OfTerm(f.Condition, term)).Select(f => new NamedFactor(f.Name, f.Multiplier));
        return PeriodPrice.Of(plan, extras, [.. factors, .. discounts.FactorsAt(accountId, at)], term == PlanTerm.Yearly ? Terms.Months : 1);
    }
}
