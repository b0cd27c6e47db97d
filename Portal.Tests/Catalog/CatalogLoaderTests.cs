using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Catalog;

public sealed class CatalogLoaderTests
{
    private readonly FakeTime time = new();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nodes_that_start_at_once_and_starts_that_follow_load_one_catalogue(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => LoadAsync(database))));
        await LoadAsync(database);

        await using var db = database.Open();
        Assert.Equal(7, await db.Plans.CountAsync(p => p.RetiredAt == null && p.Version == 1));
        Assert.Equal(7, await db.Plans.CountAsync());
        Assert.Equal((1, 3, 11), (await db.RateCards.CountAsync(), await db.Set<Rate>().CountAsync(), await db.Set<Factor>().CountAsync()));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_a_plan_that_changed_becomes_a_new_version_and_the_old_one_stays_as_it_was(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await LoadAsync(database);
        await using (var db = database.Open())
        {
            // As if the catalogue of the release before had named another price.
            await db.Plans.Where(p => p.Key == "image-basic").ExecuteUpdateAsync(set => set.SetProperty(p => p.PriceNanos, 88 * Money.NanosPerUnit));
        }

        time.Advance(TimeSpan.FromDays(1));
        await LoadAsync(database);

        await using var after = database.Open();
        var versions = await after.Plans.Where(p => p.Key == "image-basic").OrderBy(p => p.Version).ToListAsync();
        Assert.Equal([(1, 88 * Money.NanosPerUnit), (2, 99 * Money.NanosPerUnit)], versions.Select(p => (p.Version, p.PriceNanos)));
        Assert.Equal((time.GetUtcNow(), null), (versions[0].RetiredAt, versions[1].RetiredAt));
        Assert.Equal(7, (await new CatalogReader(database.Factory, time).Plans()).Count);
    }

    private Task LoadAsync(TestDatabase database) => new CatalogLoader(database.Factory, time).Load(CancellationToken.None);
}
