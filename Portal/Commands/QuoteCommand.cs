using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Catalog;

namespace Portal.Commands;

/// <summary>
/// <c>quote FILE</c>: prices the cases of a file, <c>{"cases":[…]}</c> or the bare array, and writes
/// <c>{"results":[{"id","amountNanos","amount2dp"}]}</c>. Needs no database.
/// </summary>
public static class QuoteCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        AllowDuplicateProperties = false,
    };

    /// <returns>0, or 2 with one sentence in <paramref name="error"/> and nothing in <paramref name="output"/>.</returns>
    public static int Run(IReadOnlyList<string> files, TextWriter output, TextWriter error)
    {
        if (files is not [var file])
        {
            error.WriteLine("quote needs one file of cases: Portal quote FILE");
            return 2;
        }

        if (Read(file, out var wrong) is not { } cases || Price(cases, out wrong) is not { } results)
        {
            error.WriteLine(wrong);
            return 2;
        }

        output.WriteLine(new JsonObject { ["results"] = results }.ToJsonString());
        return 0;
    }

    private static List<QuoteCase?>? Read(string file, out string? wrong)
    {
        wrong = null;
        try
        {
            var root = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file), Json);
            var cases = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("cases", out var inner) ? inner : root;
            if (cases.ValueKind == JsonValueKind.Array)
            {
                return cases.Deserialize<List<QuoteCase?>>(Json);
            }

            wrong = $"{file} holds no cases: it must be an array of them, or an object with the array 'cases'.";
        }
        catch (JsonException broken)
        {
            wrong = $"{file} cannot be read as cases: what is wrong begins at {broken.Path ?? "$"}, line {(broken.LineNumber ?? 0) + 1}.";
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            wrong = $"{file} cannot be opened: {(File.Exists(file) ? "it may not be read" : "there is no such file")}.";
        }

        return null;
    }

    private static JsonArray? Price(List<QuoteCase?> cases, out string? wrong)
    {
        var pricer = new QuotePricer(CatalogLoader.ReadShipped());
        var results = new JsonArray();
        foreach (var (asked, index) in cases.Select((c, i) => (c, i)))
        {
            if (asked is null || asked.Id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                wrong = $"Case number {index + 1} has no id.";
                return null;
            }

            if (!pricer.TryPrice(asked, out var amount, out var why))
            {
                wrong = $"Case {asked.Id} {why}.";
                return null;
            }

            results.Add(new JsonObject
            {
                ["id"] = JsonNode.Parse(asked.Id.GetRawText()),
                ["amountNanos"] = amount.Nanos,
                ["amount2dp"] = amount.ToTwoDecimals(),
            });
        }

        wrong = null;
        return results;
    }
}
