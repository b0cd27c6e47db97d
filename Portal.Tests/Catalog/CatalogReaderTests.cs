using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Catalog;

public sealed class CatalogReaderTests
{
    private readonly FakeTime time = new();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B25_the_rate_card_in_force_is_the_newest_that_has_begun(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var db = database.Open())
        {
            var now = time.GetUtcNow();
            db.RateCards.AddRange(Card(1, now.AddDays(-9), "0.01"), Card(2, now, "0.02"), Card(3, now.AddSeconds(1), "0.03"));
            await db.SaveChangesAsync();
        }

        var reader = new CatalogReader(database.Factory, time);
        Assert.Equal(2, (await reader.RateCard()).Version);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await reader.RateCard()).Version);
    }

    [Fact]
    public void B25_a_model_without_a_rate_is_refused_and_never_free() =>
        Assert.Equal(new Refusal("price.missing", "guide"), CatalogReader.TermsFor(new RateCard(), "guide", Unit.Tokens, Anyone, null).Refusal);

    [Fact]
    public void A_models_own_rate_goes_before_the_one_of_all()
    {
        var card = Card(1, time.GetUtcNow(), "0.01");
        card.Rates.Add(new Rate { Model = "guide", Meter = Meters.OutputTokens, PerUnit = 0.05m });

        var rates = CatalogReader.TermsFor(card, "guide", Unit.Tokens, Anyone, null).Value.Rates;

        Assert.Equal([0.01m, 0.05m], rates.Select(r => r.PerUnit));
    }

    [Fact]
    public void Beyond_a_plan_its_own_price_counts_without_tiers_and_factors_and_only_for_its_own_unit()
    {
        var card = Card(1, time.GetUtcNow(), "0.01");
        card.Rates.Add(new Rate { Model = "*", Meter = Meters.Images, PerUnit = 0.2m, BasePixels = 1024 * 1024, BaseSteps = 9 });
        card.Factors.Add(new Factor { Name = "education", Condition = "account.education", Multiplier = 0.8m });
        var plan = new Plan { Key = "image-basic", NameEn = "Basic", NameZh = "基础版", IncludedUnit = Unit.Images, OverageNanos = 150_000_000 };
        var school = Anyone with { Education = true };

        var images = CatalogReader.TermsFor(card, "shapes", Unit.Images, school, plan).Value;
        var tokens = CatalogReader.TermsFor(card, "guide", Unit.Tokens, school, plan).Value;

        Assert.Equal(("image-basic", 0.15m, 0), (images.Plan, images.Rates[0].PerUnit, images.Factors.Count));
        Assert.Equal((null, 0.01m, "education"), (tokens.Plan, tokens.Rates[0].PerUnit, tokens.Factors.Single().Name));
    }

    private static PriceContext Anyone => new(false, 0, false, new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(8)));

    private static RateCard Card(int version, DateTimeOffset from, string perUnit) => new()
    {
        Version = version,
        EffectiveFrom = from,
        Rates = [.. new[] { Meters.InputTokens, Meters.OutputTokens }.Select(meter => new Rate
        {
            Model = "*", Meter = meter, PerUnit = decimal.Parse(perUnit, System.Globalization.CultureInfo.InvariantCulture),
        })],
    };
}
