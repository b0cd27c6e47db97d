using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Catalog.Editing;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>
/// Brings the shipped <c>catalog.json</c> into the database at start. Published rows never change: a plan whose terms are new becomes its next
/// version, a rate card is added when the file's version is new and is in force from its date on. The file seeds and adds, it does not rule: terms
/// that a plan has had before are not loaded again, so that what administrators published or took from sale stays as they left it.
/// </summary>
public sealed class CatalogLoader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public static CatalogFile ReadShipped()
    {
        using var stream = typeof(CatalogLoader).Assembly.GetManifestResourceStream("Portal.Catalog.catalog.json")
            ?? throw new InvalidOperationException("catalog.json is not embedded");
        return JsonSerializer.Deserialize<CatalogFile>(stream, CatalogJson.Options) ?? throw new InvalidOperationException("catalog.json is empty");
    }

    public Task Load(CancellationToken cancel) => Load(ReadShipped(), cancel);

    /// <exception cref="CatalogFileException">It changes prices under a version that is published.</exception>
    public async Task Load(CatalogFile file, CancellationToken cancel)
    {
        try
        {
            await LoadOnce(file, cancel);
        }
        catch (DbUpdateException)
        {
            // Another node that starts in this moment was first: its rows are there now.
            await LoadOnce(file, cancel);
        }
    }

    private async Task LoadOnce(CatalogFile file, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LoadPlans(db, file, cancel);
        await LoadRateCard(db, file, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task LoadPlans(PortalDb db, CatalogFile file, CancellationToken cancel)
    {
        var versions = (await db.Plans.ToListAsync(cancel)).ToLookup(p => p.Key);
        foreach (var (entry, order) in file.Plans.Select((p, i) => (p, i)))
        {
            var plan = entry.ToRow(order, file.CustomPlan, clock.GetUtcNow());
            if (versions[plan.Key].Any(earlier => SameTerms(earlier, plan)))
            {
                continue;
            }

            foreach (var onSale in versions[plan.Key].Where(p => p.RetiredAt is null))
            {
                onSale.RetiredAt = plan.PublishedAt;
            }

            plan.Version = versions[plan.Key].Select(p => p.Version).DefaultIfEmpty().Max() + 1;
            db.Plans.Add(plan);
        }
    }

    private static async Task LoadRateCard(PortalDb db, CatalogFile file, CancellationToken cancel)
    {
        var card = new RateCard
        {
            FileVersion = file.Version,
            EffectiveFrom = file.EffectiveFrom,
            TaxPercent = file.TaxPercent is >= 0 and < 100 ? file.TaxPercent : throw new InvalidDataException("taxPercent must be from 0 to below 100."),
            Rates = [.. file.Rates],
            Factors = [.. file.Factors.Select((f, i) => new Factor { Name = f.Name, Condition = f.Condition, Multiplier = f.Multiplier, Order = i })],
            TopUpBonus = [.. (file.TopUpBonus ?? []).OrderBy(s => s.From)],
        };
        var loaded = await db.RateCards.AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().FirstOrDefaultAsync(c => c.FileVersion == file.Version, cancel);
        if (loaded is null)
        {
            // Administrators count in the same row of numbers.
            card.Version = await db.RateCards.MaxAsync(c => (int?)c.Version, cancel) + 1 ?? file.Version;
            db.RateCards.Add(card);
        }
        else if (!Prices(loaded).SequenceEqual(Prices(card)))
        {
            // Prices that silently stay as they were, or change for what is charged already: neither is what the operator wanted.
            throw new CatalogFileException(file.Version);
        }
    }

    /// <summary>All that a rate card says about prices, by value: engines give decimals back with more zeros.</summary>
    private static IEnumerable<(string, string, decimal, decimal)> Prices(RateCard card) =>
    [
        ("", "from", card.EffectiveFrom.ToUnixTimeMilliseconds(), card.TaxPercent),
        .. card.Rates.OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Meter, StringComparer.Ordinal).SelectMany(r =>
            r.Tiers.OrderBy(t => t.From).Select(t => (r.Model, r.Meter, (decimal)t.From, t.Factor)).Prepend((r.Model, r.Meter, r.PerUnit, (decimal)r.BasePixels * r.BaseSteps))),
        .. card.Factors.OrderBy(f => f.Order).Select(f => (f.Name, f.Condition, f.Multiplier, (decimal)f.Order)),
        .. card.TopUpBonus.OrderBy(s => s.From).Select(s => ("", "top-up", s.From, s.Percent)),
    ];

    private static bool SameTerms(Plan a, Plan b) => CatalogFields.Of(a).SequenceEqual(CatalogFields.Of(b));
}
