using Microsoft.EntityFrameworkCore;
using Portal.Billing.PriceChanges.Views;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data;

namespace Portal.Billing.PriceChanges;

/// <summary>
/// Prices what an account asked, twice: by the prices of now and by a draft's. How it was asked, such as in a batch or of a light model, is read off
/// the conditions of the factors on its receipt; who asked is the account as it stands now.
/// </summary>
/// <param name="term">Of the plan that it has; null: there is none.</param>
/// <param name="region">Where prompts run now.</param>
internal sealed class UsagePricer(Account account, bool postpaid, PlanTerm? term, string? region, IReadOnlyList<NamedFactor> coupons, PricedBy today, PricedBy draft)
{
    public const int Days = 30;

    private const string RegionPrefix = "region.";
    private const string QualityPrefix = "quality.";
    private const long SampleTokens = 1000;
    private const int SampleSide = 1024;
    private const int SampleSteps = 9;

    private readonly TimeZoneInfo zone = LocalDays.Zone(account.TimeZone);
    private readonly Side now = new(today);
    private readonly Side then = new(draft);

    public async Task<PreviewedUsage> Reprice(PortalDb db, DateTimeOffset at, CancellationToken cancel)
    {
        var since = at.AddDays(-Days);
        var conditions = (await db.RateCards.AsNoTracking().Include(c => c.Factors).ToListAsync(cancel))
            .ToDictionary(c => c.Version, c => c.Factors.ToDictionary(f => f.Name, f => f.Condition));
        var (prompts, unpriced) = (0, 0);

        // From the first of the month, because what was used before moves the tiers.
        var rows = db.UsageRecords.AsNoTracking().Where(u => u.AccountId == account.Id && u.At >= MonthStart(since) && u.At <= at).OrderBy(u => u.At).ThenBy(u => u.Id)
            .Select(u => new { u.At, u.Receipt });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var receipt = LedgerJson.ReadReceipt(row.Receipt);
            var context = ContextOf(receipt, row.At, conditions.GetValueOrDefault(receipt.RateCardVersion));
            var counts = row.At >= since;
            var priced = now.Add(receipt.Model, receipt.Usage, receipt.CoveredUnits, context, MonthOf(row.At), counts)
                & then.Add(receipt.Model, receipt.Usage, receipt.CoveredUnits, context, MonthOf(row.At), counts);
            prompts += counts && priced ? 1 : 0;
            unpriced += counts && !priced ? 1 : 0;
        }

        return new PreviewedUsage(Days, prompts, unpriced, new PriceStep(now.Total, then.Total));
    }

    /// <summary>After <see cref="Reprice"/>: at the tiers that the month has reached.</summary>
    public (PriceStep? Prompt, PriceStep? Picture) Samples(DateTimeOffset at)
    {
        var context = ContextOf(null, at, null);
        return (Sample(MeteredUsage.Text(SampleTokens, SampleTokens), context, at), Sample(MeteredUsage.Picture(1, SampleSide, SampleSide, SampleSteps), context, at));
    }

    private PriceStep? Sample(MeteredUsage usage, PriceContext context, DateTimeOffset at) =>
        now.Price("*", usage, 0, context, MonthOf(at)) is { } before && then.Price("*", usage, 0, context, MonthOf(at)) is { } after
            ? new PriceStep(new Money(before.AmountNanos), new Money(after.AmountNanos))
            : null;

    private PriceContext ContextOf(Receipt? receipt, DateTimeOffset at, Dictionary<string, string>? conditions)
    {
        var applied = receipt?.Price.Factors.Select(f => conditions?.GetValueOrDefault(f.Name)).OfType<string>().ToHashSet() ?? [];
        return new PriceContext(
            !postpaid, FactorConditions.ContractMonths(account.ContractMonths, term), account.Education || today.Plan is { Education: true }, TimeZoneInfo.ConvertTime(at, zone),
            receipt is null ? region : Named(applied, RegionPrefix))
        {
            Quality = Named(applied, QualityPrefix),
            LightModel = applied.Contains("model.light"), PreviousVersion = applied.Contains("model.previous"), Batch = applied.Contains("request.batch"),
            BatchLite = applied.Contains("request.batch-lite"), Cached = applied.Contains("request.cached"), Coupons = coupons,
        };
    }

    private static string? Named(HashSet<string> applied, string prefix) => applied.FirstOrDefault(c => c.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private string MonthOf(DateTimeOffset at) => UsageWindows.At(at, zone, null).Month;

    private DateTimeOffset MonthStart(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var first = new DateTime(local.Year, local.Month, 1);
        return new DateTimeOffset(first, zone.GetUtcOffset(first)).ToUniversalTime();
    }

    /// <summary>One of the two price lists, and how far its tiers are.</summary>
    private sealed class Side(PricedBy by)
    {
        private readonly Dictionary<(Unit Unit, string Month), long> used = [];

        public Money Total { get; private set; }

        /// <returns>Null when there is no rate for it.</returns>
        public PricedUsage? Price(string model, MeteredUsage usage, long covered, PriceContext context, string month) =>
            CatalogReader.TermsFor(by.Card, model, usage.Unit, context, by.Plan).IsDone(out _, out var terms)
                ? Rater.Price(terms, usage, used.GetValueOrDefault((usage.Unit, month)), Math.Min(covered, usage.QuotaUnits(terms)))
                : null;

        public bool Add(string model, MeteredUsage usage, long covered, PriceContext context, string month, bool counts)
        {
            if (Price(model, usage, covered, context, month) is not { } price)
            {
                return false;
            }

            used[(usage.Unit, month)] = checked(used.GetValueOrDefault((usage.Unit, month)) + price.PaidUnits);
            Total += counts ? new Money(price.AmountNanos) : Money.Zero;
            return true;
        }
    }
}
