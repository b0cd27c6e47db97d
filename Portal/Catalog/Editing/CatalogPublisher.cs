using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Data.Support;

namespace Portal.Catalog.Editing;

/// <summary>
/// Makes drafts into versions, which never change, and ends what is sold. Who has a version keeps it. Of two who publish at once the first does;
/// the other is told, and looks again.
/// </summary>
public sealed class CatalogPublisher(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int YearsMost = 5;


    /// <summary>A card that is about to come into force may be in somebody's price already.</summary>
    public static readonly TimeSpan WithdrawBefore = TimeSpan.FromMinutes(1);

    /// <summary>Sells the plan as it is written from now on.</summary>
    /// <param name="revision">That was shown.</param>
    /// <returns>The new version.</returns>
    public Task<Outcome<int>> PublishPlan(Caller caller, int draftId, int revision, CancellationToken cancel = default) => Publish(caller, draftId, revision, DraftKind.Plan, async (db, draft) =>
    {
        var plan = CatalogJson.Read<CatalogFile.PlanEntry>(draft.Content);
        var newest = await CatalogVersions.Plan(db, draft.Key, cancel);
        if ((newest?.Version ?? 0) != draft.BaseVersion)
        {
            return new Refusal("catalog.draft-stale");
        }

        if (PlanRules.WhyNot(plan, newest) is { } flaw)
        {
            return flaw.Refusal;
        }

        var now = clock.GetUtcNow();
        var row = plan.ToRow(0, null, now);
        if (newest is { RetiredAt: null } && CatalogFields.Of(newest).SequenceEqual(CatalogFields.Of(row)))
        {
            return new Refusal("catalog.no-change");
        }

        row.Version = draft.BaseVersion + 1;
        await db.Plans.Where(p => p.Key == draft.Key && p.RetiredAt == null).ExecuteUpdateAsync(set => set.SetProperty(p => p.RetiredAt, now), cancel);
        db.Plans.Add(row);
        Audit(db, caller, "plan.published", draft.Key, $"{row.NameEn} version {row.Version}: {Words(CatalogFields.Compare(newest is null ? [] : CatalogFields.Of(newest), CatalogFields.Of(row)))}");
        return row.Version;
    }, cancel);

    /// <summary>Puts the prices as they are written into force.</summary>
    /// <param name="from">Null: at once. Never in the past, and after every card that is published already.</param>
    /// <param name="revision">That was shown.</param>
    /// <returns>The new version.</returns>
    public Task<Outcome<int>> PublishPrices(Caller caller, int draftId, int revision, DateTimeOffset? from, CancellationToken cancel = default) => Publish(caller, draftId, revision, DraftKind.Prices, async (db, draft) =>
    {
        var prices = CatalogJson.Read<PricesEntry>(draft.Content);
        var newest = await CatalogVersions.Card(db, cancel);
        var now = clock.GetUtcNow();
        if ((newest?.Version ?? 0) != draft.BaseVersion)
        {
            return new Refusal("catalog.draft-stale");
        }

        if (PriceRules.WhyNot(prices) is { } flaw)
        {
            return flaw.Refusal;
        }

        if (from < now)
        {
            return new Refusal("catalog.date-past");
        }

        if (from > now.AddYears(YearsMost))
        {
            return new Refusal("catalog.date-far", $"{YearsMost}");
        }

        var begins = (from ?? now).ToUniversalTime();
        if (newest?.EffectiveFrom >= begins)
        {
            return new Refusal("catalog.date-order", $"{newest.Version}");
        }

        var changes = CatalogFields.Compare(newest is null ? [] : CatalogFields.Of(PricesEntry.Of(newest)), CatalogFields.Of(prices));
        if (changes.Count == 0)
        {
            return new Refusal("catalog.no-change");
        }

        var card = prices.ToRow((await db.RateCards.MaxAsync(c => (int?)c.Version, cancel) ?? 0) + 1, begins);
        db.RateCards.Add(card);
        Audit(db, caller, "prices.published", $"{card.Version}", $"version {card.Version} from {begins.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC: {Words(changes)}");
        return card.Version;
    }, cancel);

    /// <summary>Nobody chooses the plan from now on; who has it keeps it. Again changes nothing.</summary>
    public async Task<Outcome<Done>> Retire(Caller caller, string key, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await CatalogVersions.Plan(db, key, cancel) is not { } newest)
        {
            return Refusal.NotFound;
        }

        if (await db.CatalogDrafts.AnyAsync(d => d.Key == key, cancel))
        {
            return new Refusal("catalog.retire-draft");
        }

        var now = clock.GetUtcNow();
        if (await db.Plans.Where(p => p.Key == key && p.RetiredAt == null).ExecuteUpdateAsync(set => set.SetProperty(p => p.RetiredAt, now), cancel) > 0)
        {
            Audit(db, caller, "plan.retired", key, $"{newest.NameEn} version {newest.Version}");
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    /// <summary>Takes back prices that are not in force yet: they never will be. Again changes nothing.</summary>
    public async Task<Outcome<Done>> Withdraw(Caller caller, int version, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var soon = now + WithdrawBefore;
        if (await db.RateCards.Where(c => c.Version == version && c.WithdrawnAt == null && c.EffectiveFrom > soon)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.WithdrawnAt, now), cancel) == 0)
        {
            var card = await db.RateCards.AsNoTracking().FirstOrDefaultAsync(c => c.Version == version, cancel);
            return card is null ? Refusal.NotFound : card.WithdrawnAt is null ? new Refusal("catalog.withdraw-late") : default(Done);
        }

        Audit(db, caller, "prices.withdrawn", $"{version}", $"version {version}");
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    private async Task<Outcome<int>> Publish(
        Caller caller, int draftId, int revision, DraftKind kind, Func<PortalDb, CatalogDraft, Task<Outcome<int>>> write, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var draft = await db.CatalogDrafts.AsNoTracking().FirstOrDefaultAsync(d => d.Id == draftId && d.Kind == kind, cancel);

            // Taken first: whoever publishes it at the same time waits here, and finds it gone.
            if (draft is null || await db.CatalogDrafts.Where(d => d.Id == draftId && d.Revision == revision).ExecuteDeleteAsync(cancel) == 0)
            {
                return new Refusal(draft is null ? "catalog.draft-gone" : "catalog.draft-changed");
            }

            if (draft.Revision != revision)
            {
                return new Refusal("catalog.draft-changed");
            }

            var outcome = await write(db, draft);
            if (outcome.IsDone(out _))
            {
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
            }

            return outcome;
        }
        catch (DbUpdateException failure) when (failure is not DbUpdateConcurrencyException)
        {
            // The number is taken: another node's start, or somebody else, published in this moment. Anything else is a failure.
            await using var again = databases.CreateDbContext();
            var draft = await again.CatalogDrafts.AsNoTracking().FirstOrDefaultAsync(d => d.Id == draftId, cancel);
            if (draft is not null && await CatalogVersions.Newest(again, draft, cancel) == draft.BaseVersion)
            {
                throw;
            }

            return new Refusal("catalog.draft-stale");
        }
    }

    private void Audit(PortalDb db, Caller caller, string action, string subject, string detail) => db.AuditEntries.Add(new AuditEntry
    {
        At = clock.GetUtcNow(), PersonId = caller.PersonId, Action = action, Subject = subject, Detail = detail,
    });

    private static string Words(IEnumerable<FieldChange> changes) =>
        string.Join("; ", changes.Select(c => $"{(c.Group.Length == 0 ? c.Name : $"{c.Group} {c.Name}")} {Said(c.Before)} → {Said(c.After)}"));

    private static string Said(string? value) => string.IsNullOrEmpty(value) ? "–" : value;
}
