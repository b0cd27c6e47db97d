using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>
/// Brings the shipped <c>catalog.json</c> into the database at start. Published rows never change: a plan that differs
/// becomes its next version, a rate card is added when its version is new and is in force from its date on.
/// </summary>
public sealed class CatalogLoader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static CatalogFile ReadShipped()
    {
        using var stream = typeof(CatalogLoader).Assembly.GetManifestResourceStream("Portal.Catalog.catalog.json")
            ?? throw new InvalidOperationException("catalog.json is not embedded");
        return JsonSerializer.Deserialize<CatalogFile>(stream, Json) ?? throw new InvalidOperationException("catalog.json is empty");
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
        var published = await db.Plans.Where(p => p.RetiredAt == null).ToDictionaryAsync(p => p.Key, cancel);
        foreach (var (entry, order) in file.Plans.Select((p, i) => (p, i)))
        {
            var plan = entry.ToRow(order, file.CustomPlan, clock.GetUtcNow());
            if (published.TryGetValue(plan.Key, out var current))
            {
                if (SameTerms(current, plan))
                {
                    continue;
                }

                current.RetiredAt = plan.PublishedAt;
                plan.Version = current.Version + 1;
            }

            db.Plans.Add(plan);
        }
    }

    private static async Task LoadRateCard(PortalDb db, CatalogFile file, CancellationToken cancel)
    {
        var card = new RateCard
        {
            Version = file.Version,
            EffectiveFrom = file.EffectiveFrom,
            TaxPercent = file.TaxPercent is >= 0 and < 100 ? file.TaxPercent : throw new InvalidDataException("taxPercent must be from 0 to below 100."),
            Rates = [.. file.Rates],
            Factors = [.. file.Factors.Select((f, i) => new Factor { Name = f.Name, Condition = f.Condition, Multiplier = f.Multiplier, Order = i })],
            TopUpBonus = [.. (file.TopUpBonus ?? []).OrderBy(s => s.From)],
        };
        var published = await db.RateCards.AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().FirstOrDefaultAsync(c => c.Version == file.Version, cancel);
        if (published is null)
        {
            db.RateCards.Add(card);
        }
        else if (!Prices(published).SequenceEqual(Prices(card)))
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

    private static bool SameTerms(Plan a, Plan b) =>
        JsonSerializer.Serialize(Terms(a)) == JsonSerializer.Serialize(Terms(b));

    private static object Terms(Plan p) => new
    {
        p.NameEn, p.NameZh, p.PriceNanos, p.PeriodMonths, p.IncludedUnit, p.IncludedUnits, p.Unlimited, p.OverageNanos,
        p.MaxConcurrent, p.ExtraThousandTokensNanos, p.ExtraConcurrentNanos, p.Dedicated, p.Education, p.SupportLevel, p.SupportResponseMinutes, p.Features, p.SortOrder, p.TrialDays,
    };
}
