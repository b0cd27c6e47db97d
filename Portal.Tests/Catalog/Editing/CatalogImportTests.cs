using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Catalog.Editing;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Billing.PriceChanges;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Catalog.Editing;

/// <summary>The catalogue leaves as a file and comes back as drafts, whole or not at all.</summary>
public sealed class CatalogImportTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_exported_and_imported_again_differs_in_nothing(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var file = (await scene.Catalogue.Export(scene.Administrator)).Value;
        Assert.Contains("基础版", file, StringComparison.Ordinal);
        Assert.Equal("catalog.file-same", (await scene.Importer.Import(scene.Administrator, file)).Refusal?.Code);

        // Neither does what was shipped, which leaves out what follows from the rest.
        Assert.Equal("catalog.file-same", (await scene.Importer.Import(scene.Administrator, Shipped())).Refusal?.Code);
        await scene.SellAsync("edu-starter", p => p with { Price = 309, PerThousandExtraTokens = 0.005m, PerExtraConcurrent = null, SortOrder = 40 });
        await scene.PriceAsync(p => p with { TaxPercent = 6, TopUpBonus = [] });
        var changed = (await scene.Catalogue.Export(scene.Administrator)).Value;
        Assert.Equal("catalog.file-same", (await scene.Importer.Import(scene.Administrator, '\uFEFF' + changed)).Refusal?.Code);
        Assert.Equal(changed, (await scene.Catalogue.Export(scene.Administrator)).Value);

        // What waits for its day is not in force, and does not make what is a change.
        await scene.PriceAsync(p => p with { TaxPercent = 7 }, scene.Billing.Time.GetUtcNow().AddDays(5));
        Assert.Equal("catalog.file-same", (await scene.Importer.Import(scene.Administrator, changed)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_file_makes_drafts_of_what_differs_and_publishing_them_sells_what_it_says(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var file = (await scene.Catalogue.Export(scene.Administrator)).Value;
        var edited = file.Replace("\"99\"", "\"109\"", StringComparison.Ordinal).Replace("\"0.85\"", "\"0.8\"", StringComparison.Ordinal);

        Assert.Equal(2, (await scene.Importer.Import(scene.Administrator, edited)).Value);
        Assert.Equal(99 * Money.NanosPerUnit, (await scene.Billing.Catalogue.Plans())[0].PriceNanos);
        Assert.Equal("catalog.file-drafts", (await scene.Importer.Import(scene.Administrator, edited)).Refusal?.Code);
        var plan = await scene.DraftAsync("image-basic");
        var prices = await scene.PricesAsync();
        Assert.Equal([new FieldChange("", "price", "99", "109")], plan.Changes);
        Assert.Equal(["asyncBatch", "contract12Months"], prices.Changes.Select(c => c.Group).Order());
        Assert.Equal(2, (await scene.Publisher.PublishPlan(scene.Administrator, plan.Id, plan.Revision)).Value);
        Assert.Equal(2, (await scene.Publisher.PublishPrices(scene.Administrator, prices.Id, prices.Revision, null)).Value);

        Assert.Equal("catalog.file-same", (await scene.Importer.Import(scene.Administrator, edited)).Refusal?.Code);
    }

    [Fact]
    public async Task A_file_with_something_wrong_in_it_is_refused_with_the_line_and_nothing_is_imported()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var file = (await scene.Catalogue.Export(scene.Administrator)).Value.Replace("\"99\"", "\"88\"", StringComparison.Ordinal);
        const string price = "\"price\": \"399\"";
        (string Right, string Wrong, string? Rule)[] wrong =
        [
            (price, "\"price\": \"-1\"", "plan-rule.price"), (price, "\"price\": \"1.999\"", "plan-rule.price"), (price, "\"price\": 1e20", "plan-rule.price"),
            (price, "\"price\": 1e30", null), (price, "\"price\": \"1e30\"", null), (price, "\"prise\": \"399\"", null), (price, $"{price}, \"price\": \"1\"", null), (price, $"{price}]", null),
            ("\"nameEn\": \"Advanced\"", "\"nameEn\": \"=cmd|'/c calc'\"", "plan-rule.name"), ("\"key\": \"image-advanced\"", "\"key\": \"image-basic\"", "catalog.file-plan-twice"),
            ("\"from\": 100000,", "\"from\": 0,", "rate-rule.tiers-order"), ("\"multiplier\": \"0.85\"", "\"multiplier\": \"0\"", "factor-rule.multiplier"),
            ("\"multiplier\": \"0.85\"", "\"multiplier\": \"100\"", "factor-rule.multiplier"), ("\"condition\": \"account.prepaid\"", "\"condition\": \"always\"", "factor-rule.condition"),
        ];

        foreach (var (right, bad, rule) in wrong)
        {
            var at = file.IndexOf(right, StringComparison.Ordinal);
            Assert.True(at > 0, right);
            var refusal = (await scene.Importer.Import(scene.Administrator, file[..at] + bad + file[(at + right.Length)..])).Refusal!;
            var line = $"{file[..at].Count(c => c == '\n') + 1}";
            Assert.Equal(rule is null ? ("catalog.file-json", line, null) : ("catalog.file-line", line, $"word:{rule}"), (refusal.Code, refusal.Args[rule is null ? 0 : 3], rule is null ? null : refusal.Args[4]));
        }

        await using var db = scene.Billing.Open();
        Assert.Empty(await db.CatalogDrafts.ToListAsync());
    }

    [Fact]
    public async Task What_is_no_catalogue_is_refused()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        string[] wrong =
        [
            "", "null", "[]", "{}", "{\"plans\": [null], \"rates\": [], \"factors\": []}", "MZ\u0000\u0001",
            "{\"plans\": [], \"rates\": [null], \"factors\": [null], \"topUpBonus\": [null]}", new string(' ', CatalogImport.BytesMax + 1),
        ];

        foreach (var text in wrong) Assert.StartsWith("catalog.file-", (await scene.Importer.Import(scene.Administrator, text)).Refusal?.Code, StringComparison.Ordinal);
    }

    private static string Shipped()
    {
        using var stream = new StreamReader(typeof(CatalogLoader).Assembly.GetManifestResourceStream("Portal.Catalog.catalog.json")!);
        return stream.ReadToEnd();
    }
}
