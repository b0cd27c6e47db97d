using Microsoft.EntityFrameworkCore;
using Portal.Catalog.Editing.Views;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>
/// Where administrators write what they will publish. There is one draft a plan and one of the prices, for all of them together: who saves over
/// what another saved meanwhile is told instead.
/// </summary>
public sealed class DraftDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public async Task<Outcome<DraftView>> Read(Caller caller, int id, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.CatalogDrafts.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancel) is not { } draft)
        {
            return Refusal.NotFound;
        }

        var by = await db.Users.Where(p => p.Id == draft.EditedBy).Select(p => p.Email).FirstOrDefaultAsync(cancel) ?? "";
        var newest = await CatalogVersions.Newest(db, draft, cancel);
        var plan = draft.Kind == DraftKind.Plan ? CatalogJson.Read<CatalogFile.PlanEntry>(draft.Content) : null;
        var prices = draft.Kind == DraftKind.Prices ? CatalogJson.Read<PricesEntry>(draft.Content) : null;
        var before = plan is null
            ? await CatalogVersions.CardInForce(db, clock.GetUtcNow(), cancel) is { } card ? CatalogFields.Of(PricesEntry.Of(card)) : []
            : await CatalogVersions.Plan(db, draft.Key, cancel) is { } published ? CatalogFields.Of(published) : [];
        return new DraftView(
            draft.Id, draft.Kind, draft.Key, draft.Revision, newest, draft.BaseVersion != newest, by, draft.EditedAt, plan, prices,
            CatalogFields.Compare(before, plan is null ? CatalogFields.Of(prices!) : CatalogFields.Of(plan)));
    }

    /// <summary>The plan's draft; begun from its newest version when there is none.</summary>
    /// <returns>The draft's id.</returns>
    public async Task<Outcome<int>> Begin(Caller caller, string key, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await CatalogVersions.Plan(db, key, cancel) is { } plan
            ? await Begin(db, caller, DraftKind.Plan, plan.Key, plan.Version, CatalogJson.Write(CatalogFile.PlanEntry.Of(plan)), cancel)
            : Refusal.NotFound;
    }

    /// <summary>The draft of the prices; begun from the rate card that was published last when there is none.</summary>
    /// <returns>The draft's id.</returns>
    public async Task<Outcome<int>> BeginPrices(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await CatalogVersions.Card(db, cancel) is { } card
            ? await Begin(db, caller, DraftKind.Prices, CatalogDraft.PricesKey, card.Version, CatalogJson.Write(PricesEntry.Of(card)), cancel)
            : Refusal.NotFound;
    }

    /// <summary>The draft of a plan that there is not yet.</summary>
    /// <returns>The draft's id.</returns>
    public async Task<Outcome<int>> BeginNewPlan(Caller caller, CatalogFile.PlanEntry plan, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        if (PlanRules.WhyNot(plan, null) is { } flaw)
        {
            return flaw.Refusal;
        }

        await using var db = databases.CreateDbContext();
        return await db.Plans.AnyAsync(p => p.Key == plan.Key, cancel) || await db.CatalogDrafts.AnyAsync(d => d.Key == plan.Key, cancel)
            ? new Refusal("catalog.plan-exists", plan.Key)
            : await Begin(db, caller, DraftKind.Plan, plan.Key, 0, CatalogJson.Write(plan), cancel);
    }

    /// <param name="revision">That was edited.</param>
    public async Task<Outcome<Done>> Save(Caller caller, int id, int revision, CatalogFile.PlanEntry plan, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.CatalogDrafts.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id && d.Kind == DraftKind.Plan, cancel) is not { } draft)
        {
            return new Refusal("catalog.draft-gone");
        }

        // A draft stays that of its plan.
        plan = plan with { Key = draft.Key };
        return PlanRules.WhyNot(plan, await CatalogVersions.Plan(db, draft.Key, cancel)) is { } flaw
            ? flaw.Refusal
            : await Save(db, caller, id, revision, CatalogJson.Write(plan), cancel);
    }

    /// <param name="revision">That was edited.</param>
    public async Task<Outcome<Done>> Save(Caller caller, int id, int revision, PricesEntry prices, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        if (PriceRules.WhyNot(prices) is { } flaw)
        {
            return flaw.Refusal;
        }

        await using var db = databases.CreateDbContext();
        return await db.CatalogDrafts.AnyAsync(d => d.Id == id && d.Kind == DraftKind.Prices, cancel)
            ? await Save(db, caller, id, revision, CatalogJson.Write(prices), cancel)
            : new Refusal("catalog.draft-gone");
    }

    /// <summary>Makes a stale draft one of the newest version, as it is written: what it changes of that one was shown.</summary>
    public async Task<Outcome<Done>> TakeOver(Caller caller, DraftView shown, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var (now, by) = (clock.GetUtcNow(), caller.PersonId);
        return await db.CatalogDrafts.Where(d => d.Id == shown.Id && d.Revision == shown.Revision).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.BaseVersion, shown.Newest).SetProperty(d => d.Revision, d => d.Revision + 1).SetProperty(d => d.EditedBy, by).SetProperty(d => d.EditedAt, now),
            cancel) == 1 ? default(Done) : new Refusal("catalog.draft-changed");
    }

    /// <param name="revision">That was shown: what somebody else has saved since is not thrown away unseen.</param>
    public async Task<Outcome<Done>> Discard(Caller caller, int id, int revision, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.CatalogDrafts.Where(d => d.Id == id && d.Revision == revision).ExecuteDeleteAsync(cancel) == 1
            || !await db.CatalogDrafts.AnyAsync(d => d.Id == id, cancel) ? default(Done) : new Refusal("catalog.draft-changed");
    }

    private async Task<Outcome<int>> Begin(PortalDb db, Caller caller, DraftKind kind, string key, int version, string content, CancellationToken cancel)
    {
        if (await Find(db, key, cancel) is { } open)
        {
            return open;
        }

        var draft = new CatalogDraft
        {
            Kind = kind, Key = key, BaseVersion = version, Content = content, Revision = 1, EditedBy = caller.PersonId, EditedAt = clock.GetUtcNow(),
        };
        db.CatalogDrafts.Add(draft);
        try
        {
            await db.SaveChangesAsync(cancel);
            return draft.Id;
        }
        catch (DbUpdateException)
        {
            // Somebody else, or the other click of a double click, was first; anything else is a failure.
            await using var again = databases.CreateDbContext();
            if (await Find(again, key, cancel) is not { } first)
            {
                throw;
            }

            return first;
        }
    }

    private async Task<Outcome<Done>> Save(PortalDb db, Caller caller, int id, int revision, string content, CancellationToken cancel)
    {
        var (now, by) = (clock.GetUtcNow(), caller.PersonId);
        return await db.CatalogDrafts.Where(d => d.Id == id && d.Revision == revision).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Content, content).SetProperty(d => d.Revision, revision + 1).SetProperty(d => d.EditedBy, by).SetProperty(d => d.EditedAt, now),
            cancel) == 1 ? default(Done) : new Refusal("catalog.draft-changed");
    }

    private static Task<int?> Find(PortalDb db, string key, CancellationToken cancel) =>
        db.CatalogDrafts.AsNoTracking().Where(d => d.Key == key).Select(d => (int?)d.Id).FirstOrDefaultAsync(cancel);
}
