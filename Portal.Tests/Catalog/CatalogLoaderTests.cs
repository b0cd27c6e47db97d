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
        Assert.Equal((1, 3, 13), (await db.RateCards.CountAsync(), await db.Set<Rate>().CountAsync(), await db.Set<Factor>().CountAsync()));
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

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B25_new_prices_come_into_force_on_their_day_and_not_before(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await LoadAsync(database);
        var begins = time.GetUtcNow().AddDays(9);

        await new CatalogLoader(database.Factory, time).Load(CatalogLoader.ReadShipped() with { Version = 2, EffectiveFrom = begins }, CancellationToken.None);
        await LoadAsync(database);

        var reader = new CatalogReader(database.Factory, time);
        Assert.Equal(1, (await reader.RateCard()).Version);
        time.SetUtcNow(begins);
        Assert.Equal(2, (await reader.RateCard()).Version);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_other_prices_under_a_published_version_are_refused_with_what_to_do(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await LoadAsync(database);
        var file = CatalogLoader.ReadShipped();
        file.Rates[0].Tiers[1].Factor = 0.95m;

        var refused = await Assert.ThrowsAsync<CatalogFileException>(() => new CatalogLoader(database.Factory, time).Load(file, CancellationToken.None));

        Assert.Contains("Give the file the next 'version'", refused.Message, StringComparison.Ordinal);
        await LoadAsync(database);
    }

    private Task LoadAsync(TestDatabase database) => new CatalogLoader(database.Factory, time).Load(CancellationToken.None);
}
