using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>The published versions that drafts are begun from and compared with.</summary>
internal static class CatalogVersions
{
    /// <summary>The newest version of a plan, on sale or not; null: there never was one.</summary>
    public static Task<Plan?> Plan(PortalDb db, string key, CancellationToken cancel) =>
        db.Plans.AsNoTracking().Where(p => p.Key == key).OrderByDescending(p => p.Version).FirstOrDefaultAsync(cancel);

    /// <summary>The rate card that was published last and is or will be in force.</summary>
    public static Task<RateCard?> Card(PortalDb db, CancellationToken cancel) =>
        Whole(db).Where(c => c.WithdrawnAt == null).OrderByDescending(c => c.EffectiveFrom).ThenByDescending(c => c.Version).FirstOrDefaultAsync(cancel);

    public static Task<RateCard?> CardInForce(PortalDb db, DateTimeOffset now, CancellationToken cancel) =>
        CatalogReader.CardsAt(db, now).AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().FirstOrDefaultAsync(cancel);

    public static IQueryable<RateCard> Whole(PortalDb db) => db.RateCards.AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery();

    /// <summary>What a draft of this key is begun from.</summary>
    public static async Task<int> Newest(PortalDb db, CatalogDraft draft, CancellationToken cancel) => draft.Kind == DraftKind.Plan
        ? (await Plan(db, draft.Key, cancel))?.Version ?? 0
        : (await Card(db, cancel))?.Version ?? 0;
}
