using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>
/// Reads a file of the catalogue's format and makes a draft of everything in it that differs from what is published; all of it or nothing. What
/// the file leaves out stays as it is.
/// </summary>
public sealed class CatalogImport(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int BytesMax = 1 << 20;

    /// <summary>The most arguments that the refusal of a rule has; the line and the sentence follow them.</summary>
    private const int ArgumentsMax = 3;

    /// <param name="json">The file's text.</param>
    /// <returns>How many drafts were made.</returns>
    public async Task<Outcome<int>> Import(Caller caller, string json, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        json = json.TrimStart('\uFEFF');
        if (System.Text.Encoding.UTF8.GetByteCount(json) > BytesMax)
        {
            return new Refusal("catalog.file-large");
        }

        if (!Parse(json).IsDone(out var unreadable, out var file))
        {
            return unreadable;
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var published = (await db.Plans.AsNoTracking().ToListAsync(cancel)).GroupBy(p => p.Key).ToDictionary(p => p.Key, p => p.MaxBy(v => v.Version)!);
        if (WhyNot(file!, published) is { } flaw)
        {
            return OnLine(flaw.Refusal, FileLines.Of(json, flaw.Path));
        }

        var drafts = Plans(file!, published).ToList();
        var prices = new PricesEntry(file!.TaxPercent, file.Rates, file.Factors, file.TopUpBonus ?? []);
        var card = await CatalogVersions.Card(db, cancel);
        if (!Says(card, prices) && !Says(await CatalogVersions.CardInForce(db, clock.GetUtcNow(), cancel), prices))
        {
            drafts.Add(Draft(DraftKind.Prices, CatalogDraft.PricesKey, card?.Version ?? 0, CatalogJson.Write(prices)));
        }

        if (drafts.Count == 0)
        {
            return new Refusal("catalog.file-same");
        }

        var keys = drafts.ConvertAll(d => d.Key);
        if (await db.CatalogDrafts.Where(d => keys.Contains(d.Key)).OrderBy(d => d.Kind).ThenBy(d => d.Key).Select(d => d.Key).FirstOrDefaultAsync(cancel) is { } open)
        {
            return open == CatalogDraft.PricesKey ? new Refusal("catalog.file-drafts-prices") : new Refusal("catalog.file-drafts", open);
        }

        drafts.ForEach(d => d.EditedBy = caller.PersonId);
        db.CatalogDrafts.AddRange(drafts);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return drafts.Count;
    }

    private static bool Says(RateCard? card, PricesEntry prices) =>
        card is not null && CatalogFields.Compare(CatalogFields.Of(PricesEntry.Of(card)), CatalogFields.Of(prices)).Count == 0;

    private static Outcome<CatalogFile> Parse(string json)
    {
        try
        {
            return CatalogJson.Read<CatalogFile>(json);
        }
        catch (JsonException wrong)
        {
            return new Refusal("catalog.file-json", $"{(wrong.LineNumber ?? 0) + 1}", wrong.Path is { Length: > 2 } path ? path[2..] : "–");
        }
    }

    /// <returns>With the path in the whole file.</returns>
    private static Flaw? WhyNot(CatalogFile file, Dictionary<string, Plan> published)
    {
        if (file.Plans is null)
        {
            return new Flaw("plans", new Refusal("catalog.file-plans"));
        }

        foreach (var (plan, i) in file.Plans.Select((p, i) => (p, i)))
        {
            var path = $"plans[{i}]";
            if (plan is null)
            {
                return new Flaw(path, new Refusal("catalog.file-plans"));
            }

            if (PlanRules.WhyNot(plan, plan.Key is null ? null : published.GetValueOrDefault(plan.Key)) is { } flaw)
            {
                return flaw with { Path = $"{path}.{flaw.Path}" };
            }

            if (file.Plans.Take(i).Any(p => p.Key == plan.Key))
            {
                return new Flaw($"{path}.key", new Refusal("catalog.file-plan-twice", plan.Key!));
            }
        }

        return Custom(file.CustomPlan) ?? PriceRules.WhyNot(new PricesEntry(file.TaxPercent, file.Rates, file.Factors, file.TopUpBonus ?? []));
    }

    private static Flaw? Custom(CatalogFile.CustomPlanEntry? custom) =>
        custom is null or ({ PerThousandExtraTokens: > 0 and <= PlanRules.UnitPriceMax, PerExtraConcurrent: > 0 and <= PlanRules.UnitPriceMax })
            ? null
            : new Flaw("customPlan", new Refusal("catalog.file-custom", CatalogJson.Plain(PlanRules.UnitPriceMax)));

    private IEnumerable<CatalogDraft> Plans(CatalogFile file, Dictionary<string, Plan> published)
    {
        foreach (var (entry, i) in file.Plans.Select((p, i) => (p, i)))
        {
            // As the row would be: what the file leaves to its place and to the prices for all is written out.
            var plan = CatalogFile.PlanEntry.Of(entry.ToRow(i, file.CustomPlan, clock.GetUtcNow()));
            var newest = published.GetValueOrDefault(plan.Key);
            if (newest is null || newest.RetiredAt is not null || !CatalogFields.Of(newest).SequenceEqual(CatalogFields.Of(plan)))
            {
                yield return Draft(DraftKind.Plan, plan.Key, newest?.Version ?? 0, CatalogJson.Write(plan));
            }
        }
    }

    private CatalogDraft Draft(DraftKind kind, string key, int version, string content) => new()
    {
        Kind = kind, Key = key, BaseVersion = version, Content = content, Revision = 1, EditedAt = clock.GetUtcNow(),
    };

    /// <summary>The sentence of a rule with the line in front: the rule's arguments stay in their places.</summary>
    private static Refusal OnLine(Refusal refusal, int line)
    {
        string[] arguments = [.. refusal.Args, .. Enumerable.Repeat("", ArgumentsMax - refusal.Args.Length)];
        return new Refusal("catalog.file-line", [.. arguments, $"{line}", Refusal.Word + refusal.Code]);
    }
}
