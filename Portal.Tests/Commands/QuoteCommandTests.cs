using System.Text.Json;
using Portal.Commands;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Commands;

public sealed class QuoteCommandTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"quote-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Every_worked_example_that_lies_beside_the_repository_is_reproduced()
    {
        var examples = Path.Combine(RepositoryFolder.Root, "..", "shared", "facts", "pricing-examples.json");
        if (!File.Exists(examples)) examples = Written("""{"cases":[{"id":"t1","meter":"tokens","usedBefore":0,"quantity":1000,"factors":[],"amountNanos":6000000,"amount2dp":"0.01"}]}""");
        var expected = JsonDocument.Parse(File.ReadAllText(examples)).RootElement.GetProperty("cases").EnumerateArray().ToList();

        var results = Quote(examples);

        Assert.Equal(expected.Count, results.Count);
        Assert.All(expected.Zip(results), pair =>
        {
            Assert.Equal(pair.First.GetProperty("id").GetString(), pair.Second.GetProperty("id").GetString());
            Assert.Equal(pair.First.GetProperty("amount2dp").GetString(), pair.Second.GetProperty("amount2dp").GetString());
            if (pair.First.TryGetProperty("amountNanos", out var nanos)) Assert.Equal(nanos.GetInt64(), pair.Second.GetProperty("amountNanos").GetInt64());
        });
    }

    [Theory]
    [InlineData("""{"meter":"tokens","quantity":1000}""", 6_000_000, "0.01")]
    [InlineData("""{"meter":"tokens","usedBefore":99999,"quantity":2,"factors":[]}""", 11_400, "0.00")]
    [InlineData("""{"meter":"tokens","quantity":12345678,"factors":["education","prepaid","contract12Months"]}""", 28_762_184_808, "28.76")]
    [InlineData("""{"meter":"tokens","usedBefore":250000,"quantity":800000,"factors":["lightModel"],"region":"ap-southeast"}""", 1_900_800_000, "1.90")]
    [InlineData("""{"meter":"tokens","quantity":0}""", 0, "0.00")]
    [InlineData("""{"meter":"images","width":1536,"height":1024,"steps":8,"factors":["education"]}""", 213_333_333, "0.21")]
    [InlineData("""{"meter":"images","width":512,"height":512,"steps":9,"factors":["offPeak"],"region":null}""", 35_000_000, "0.04")]
    [InlineData("""{"meter":"images","width":1024,"height":1024,"steps":9,"quantity":7}""", 1_400_000_000, "1.40")]
    [InlineData("""{"planPrice":"99","included":500,"overage":"0.15","used":733}""", 133_950_000_000, "133.95")]
    [InlineData("""{"planPrice":399,"included":3000,"overage":0.10,"used":3000}""", 399_000_000_000, "399.00")]
    [InlineData("""{"planPrice":"999","included":"unlimited","used":123456789}""", 999_000_000_000, "999.00")]
    [InlineData("""{"meter":"tokens","quantity":1000,"factors":["prepaid"],"coupons":[{"percentOff":20},{"percentOff":10}]}""", 3_888_000, "0.00")]
    [InlineData("""{"meter":"tokens","quantity":1000,"coupons":[{"percentOff":20},{"percentOff":10},{"percentOff":30,"exclusive":true}]}""", 4_200_000, "0.00")]
    [InlineData("""{"planPrice":"299","included":500000,"used":700000,"extraTokens":200000,"extraConcurrent":2}""", 399_800_000_000, "399.80")]
    [InlineData("""{"planPrice":"99","included":500,"overage":"0.15","used":733,"coupons":[{"percentOff":20}]}""", 107_160_000_000, "107.16")]
    public void A_case_is_priced_with_the_shipped_catalogue(string fields, long nanos, string twoDecimals)
    {
        var result = Assert.Single(Quote(Written($$"""{"cases":[{"id":"x",{{fields[1..]}}]}""")));

        Assert.Equal(nanos, result.GetProperty("amountNanos").GetInt64());
        Assert.Equal(twoDecimals, result.GetProperty("amount2dp").GetString());
    }

    [Fact]
    public void A_bare_array_is_taken_and_ids_come_back_as_they_were()
    {
        var results = Quote(Written("""[{"id":7,"meter":"tokens","quantity":1},{"id":"例","meter":"tokens","quantity":1}]"""));

        Assert.Equal([JsonValueKind.Number, JsonValueKind.String], results.Select(r => r.GetProperty("id").ValueKind));
        Assert.Equal("例", results[1].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":-1}]""", "Case x has a negative quantity.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1,"usedBefore":-1}]""", "Case x has a negative usedBefore.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1,"factors":["friends"]}]""", "Case x names an unknown factor 'friends'.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1,"region":"mars"}]""", "Case x names an unknown factor 'region:mars'.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1,"factors":["prepaid","prepaid"]}]""", "Case x names a factor twice.")]
    [InlineData("""[{"id":"x","meter":"videos","quantity":1}]""", "Case x names an unknown meter 'videos'; there are tokens and images.")]
    [InlineData("""[{"id":"x"}]""", "Case x names neither a meter nor a planPrice.")]
    [InlineData("""[{"id":"x","meter":"tokens"}]""", "Case x has no quantity.")]
    [InlineData("""[{"id":"x","meter":"images","width":0,"height":1,"steps":1}]""", "Case x needs a width, a height and steps above zero.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":9223372036854775807,"usedBefore":9223372036854775807}]""", "Case x costs more than can be counted.")]
    [InlineData("""[{"id":"x","planPrice":10000000000,"included":"unlimited","used":1}]""", "Case x costs more than can be counted.")]
    [InlineData("""[{"id":"x","planPrice":"9","included":-1,"used":1}]""", "Case x needs included units: a whole number from zero, or 'unlimited'.")]
    [InlineData("""[{"id":"x","planPrice":"9","included":1,"used":2}]""", "Case x uses more than is included and has no overage.")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1,"coupons":[{"percentOff":100}]}]""", "Case x needs a percentOff from 1 to 99 in each coupon.")]
    [InlineData("""[{"id":"x","planPrice":"9","included":1,"used":1,"extraTokens":-1000}]""", "Case x adds what no plan is sold with: whole thousands of tokens up to 1000000000, prompts up to 1000.")]
    [InlineData("""[{"meter":"tokens","quantity":1}]""", "Case number 1 has no id.")]
    public void A_case_that_cannot_be_priced_is_one_sentence_and_no_result(string json, string sentence)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, QuoteCommand.Run([Written(json)], output, error));

        Assert.Equal(sentence, error.ToString().TrimEnd());
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData("{not json")]
    [InlineData("7")]
    [InlineData("""{"cases":{}}""")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":1.5}]""")]
    [InlineData("""[{"id":"x","meter":"tokens","quantity":99999999999999999999}]""")]
    [InlineData("")]
    public void A_file_that_is_no_list_of_cases_is_one_sentence_that_names_it(string content)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, QuoteCommand.Run([Written(content)], output, error));

        Assert.StartsWith(file, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_missing_file_is_said_to_be_missing()
    {
        using var error = new StringWriter();

        Assert.Equal(2, QuoteCommand.Run([file], TextWriter.Null, error));

        Assert.Equal($"{file} cannot be opened: there is no such file.", error.ToString().TrimEnd());
    }

    private string Written(string content)
    {
        File.WriteAllText(file, content);
        return file;
    }

    private static List<JsonElement> Quote(string cases)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(QuoteCommand.Run([cases], output, error) == 0, error.ToString());
        return [.. JsonDocument.Parse(output.ToString()).RootElement.GetProperty("results").EnumerateArray()];
    }
}
