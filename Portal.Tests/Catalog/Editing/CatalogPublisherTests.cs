using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Catalog.Editing;
using Portal.Catalog.Editing.Views;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Billing.PriceChanges;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Catalog.Editing;

/// <summary>Drafts become versions, and versions never change.</summary>
public sealed class CatalogPublisherTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_whatever_is_edited_no_published_row_changes(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var before = await scene.PublishedAsync();

        await scene.SellAsync("image-basic", p => p with { Price = 109, NameEn = "Basic 2" });
        await scene.PriceAsync(p => p with { TaxPercent = 6 }, scene.Billing.Time.GetUtcNow().AddDays(3));
        await scene.Publisher.Withdraw(scene.Administrator, 2);
        await scene.Publisher.Retire(scene.Administrator, "image-advanced");
        await scene.DraftAsync("edu-starter");
        await new CatalogLoader(scene.Billing.Databases, scene.Billing.Time).Load(CancellationToken.None);

        var after = await scene.PublishedAsync();
        Assert.Equal(before, after.Intersect(before));
        Assert.Equal(before.Count + 2, after.Count);
        await using var db = scene.Billing.Open();
        Assert.Equal(
            [(1, false), (2, true)], (await db.Plans.Where(p => p.Key == "image-basic").OrderBy(p => p.Version).ToListAsync()).Select(p => (p.Version, p.RetiredAt is null)));
        Assert.Equal(8, await db.Plans.CountAsync());
        Assert.Equal(
            ["plan.published", "prices.published", "prices.withdrawn", "plan.retired"], await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
        Assert.Contains("price 99 → 109", await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Detail).FirstAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B15_a_published_row_that_is_changed_all_the_same_cannot_be_saved()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        Action<PortalDb>[] changes =
        [
            db => db.Plans.First().PriceNanos++, db => db.Plans.First().Features = ["all"], db => db.Plans.First().NameEn = "x", db => db.RateCards.First().TaxPercent = 6,
            db => db.RateCards.First().EffectiveFrom = scene.Billing.Time.GetUtcNow(), db => db.Set<Rate>().First().PerUnit = 1, db => db.Set<Factor>().First().Multiplier = 2,
        ];

        foreach (var change in changes)
        {
            await using var db = scene.Billing.Open();
            change(db);
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
        }
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Of_administrators_who_publish_at_once_one_does_and_the_others_are_told(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var plan = await scene.DraftAsync("image-basic");
        await scene.Drafts.Save(scene.Administrator, plan.Id, plan.Revision, plan.Plan! with { Price = 109 });
        var prices = await scene.PricesAsync();
        await scene.Drafts.Save(scene.Administrator, prices.Id, prices.Revision, prices.Prices! with { TaxPercent = 6 });

        var published = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.Publisher.PublishPlan(scene.Administrator, plan.Id, 2))));
        var priced = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.Publisher.PublishPrices(scene.Administrator, prices.Id, 2, null))));

        foreach (var outcomes in new[] { published, priced })
        {
            Assert.Equal(2, outcomes.Single(o => o.Refusal is null).Value);
            Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.StartsWith("catalog.draft-", o.Refusal!.Code, StringComparison.Ordinal));
        }

        Assert.Empty((await scene.Catalogue.Read(scene.Administrator)).Value.Drafts);
    }

    [Fact]
    public async Task A_draft_that_somebody_else_saved_or_that_is_of_an_older_version_is_not_published()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var draft = await scene.DraftAsync("image-basic");
        Assert.Null((await scene.Drafts.Save(scene.Administrator, draft.Id, 1, draft.Plan! with { Price = 109 })).Refusal);
        Assert.Equal("catalog.draft-changed", (await scene.Drafts.Save(scene.Administrator, draft.Id, 1, draft.Plan! with { Price = 79 })).Refusal?.Code);
        Assert.Equal("catalog.draft-changed", (await scene.Publisher.PublishPlan(scene.Administrator, draft.Id, 1)).Refusal?.Code);
        Assert.Equal("catalog.draft-changed", (await scene.Drafts.Discard(scene.Administrator, draft.Id, 1)).Refusal?.Code);

        // A release brings the plan at a new price meanwhile.
        var file = CatalogLoader.ReadShipped();
        await new CatalogLoader(scene.Billing.Databases, scene.Billing.Time).Load(file with { Plans = [file.Plans[0] with { Price = 105 }] }, CancellationToken.None);
        var stale = await scene.DraftAsync("image-basic");

        Assert.True(stale.Stale);
        Assert.Equal([new FieldChange("", "price", "105", "109")], stale.Changes.Where(c => c.Name == "price"));
        Assert.Equal("catalog.draft-stale", (await scene.Publisher.PublishPlan(scene.Administrator, stale.Id, 2)).Refusal?.Code);
        Assert.Null((await scene.Drafts.TakeOver(scene.Administrator, stale)).Refusal);
        Assert.Equal(3, (await scene.Publisher.PublishPlan(scene.Administrator, stale.Id, 3)).Value);
        Assert.Equal("catalog.draft-gone", (await scene.Publisher.PublishPlan(scene.Administrator, stale.Id, 3)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Prices_begin_on_their_day_are_withdrawn_before_it_and_never_begin_in_the_past(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var (time, admin) = (scene.Billing.Time, scene.Administrator);
        var begins = time.GetUtcNow().AddDays(2);
        Assert.Equal("catalog.no-change", (await scene.PriceAsync(p => p)).Refusal?.Code);
        Assert.Equal("catalog.date-past", (await scene.PriceAsync(p => p with { TaxPercent = 6 }, time.GetUtcNow().AddSeconds(-1))).Refusal?.Code);
        Assert.Equal("catalog.date-far", (await scene.PriceAsync(p => p with { TaxPercent = 6 }, time.GetUtcNow().AddYears(6))).Refusal?.Code);
        Assert.Equal(2, (await scene.PriceAsync(p => p with { TaxPercent = 6 }, begins)).Value);
        Assert.Equal("catalog.date-order", (await scene.PriceAsync(p => p with { TaxPercent = 3 })).Refusal?.Code);
        Assert.Equal(1, (await scene.Billing.Catalogue.RateCard()).Version);

        Assert.Null((await scene.Publisher.Withdraw(admin, 2)).Refusal);
        Assert.Null((await scene.Publisher.Withdraw(admin, 2)).Refusal);
        var draft = await scene.PricesAsync();
        await scene.Drafts.TakeOver(admin, draft);
        Assert.Equal(3, (await scene.Publisher.PublishPrices(admin, draft.Id, draft.Revision + 1, begins)).Value);
        time.SetUtcNow(begins - TimeSpan.FromSeconds(30));
        Assert.Equal("catalog.withdraw-late", (await scene.Publisher.Withdraw(admin, 3)).Refusal?.Code);
        time.SetUtcNow(begins);

        Assert.Equal((3, 3m), await scene.Billing.Catalogue.RateCard() is var card ? (card.Version, card.TaxPercent) : default);
        Assert.Equal(
            [(3, CardState.InForce), (2, CardState.Withdrawn), (1, CardState.Past)],
            (await scene.Catalogue.Read(admin)).Value.Cards.OrderByDescending(c => c.Version).Select(c => (c.Version, c.State)));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_shipped_file_does_not_undo_what_was_published_and_a_newer_one_adds_what_is_new(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var loader = new CatalogLoader(scene.Billing.Databases, scene.Billing.Time);
        await scene.SellAsync("image-basic", p => p with { Price = 109 });
        await scene.Publisher.Retire(scene.Administrator, "image-advanced");
        await scene.PriceAsync(p => p with { TaxPercent = 6 });
        var before = await scene.PublishedAsync();

        await loader.Load(CancellationToken.None);
        Assert.Equal(before, await scene.PublishedAsync());

        var file = CatalogLoader.ReadShipped();
        await loader.Load(file with { Version = 2, EffectiveFrom = scene.Billing.Time.GetUtcNow(), TaxPercent = 1, Plans = [file.Plans[0], file.Plans[2] with { Price = 1099 }] }, CancellationToken.None);
        await loader.Load(CancellationToken.None);
        var sold = (await scene.Billing.Catalogue.Plans()).ToDictionary(p => p.Key, p => (p.Version, new Money(p.PriceNanos).Amount));
        Assert.Equal((2, 109m), sold["image-basic"]);
        Assert.Equal((2, 1099m), sold["image-professional"]);
        Assert.False(sold.ContainsKey("image-advanced"));
        Assert.Equal((3, 1m), await scene.Billing.Catalogue.RateCard() is var card ? (card.Version, card.TaxPercent) : default);
    }

    [Fact]
    public async Task A_new_plan_is_sold_and_one_that_was_retired_comes_back_as_its_next_version()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var plan = (await scene.DraftAsync("edu-starter")).Plan! with { Key = "edu-mini", Price = 99, IncludedUnits = 100_000, SortOrder = 2 };
        var id = (await scene.Drafts.BeginNewPlan(scene.Administrator, plan)).Value;
        Assert.Equal("catalog.plan-exists", (await scene.Drafts.BeginNewPlan(scene.Administrator, plan)).Refusal?.Code);
        Assert.Equal("catalog.plan-exists", (await scene.Drafts.BeginNewPlan(scene.Administrator, plan with { Key = "edu-starter" })).Refusal?.Code);
        Assert.Equal(1, (await scene.Publisher.PublishPlan(scene.Administrator, id, 1)).Value);
        Assert.Contains(await scene.Billing.Catalogue.Plans(), p => p.Key == "edu-mini");

        var draft = await scene.DraftAsync("edu-mini");
        Assert.Equal("catalog.retire-draft", (await scene.Publisher.Retire(scene.Administrator, "edu-mini")).Refusal?.Code);
        Assert.Equal("catalog.no-change", (await scene.Publisher.PublishPlan(scene.Administrator, draft.Id, 1)).Refusal?.Code);
        await scene.Drafts.Discard(scene.Administrator, draft.Id, 1);
        Assert.Null((await scene.Publisher.Retire(scene.Administrator, "edu-mini")).Refusal);
        Assert.Null((await scene.Publisher.Retire(scene.Administrator, "edu-mini")).Refusal);
        Assert.DoesNotContain(await scene.Billing.Catalogue.Plans(), p => p.Key == "edu-mini");
        var again = await scene.DraftAsync("edu-mini");

        Assert.Equal(2, (await scene.Publisher.PublishPlan(scene.Administrator, again.Id, 1)).Value);
        Assert.Equal(2, (await scene.Billing.Catalogue.Plans()).Single(p => p.Key == "edu-mini").Version);
    }
}
