using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Tests.Fixtures;

namespace Portal.Tests;

/// <summary>Every sentence exists in English and in Chinese, and each fits the same arguments.</summary>
public sealed partial class ResourcesTests
{
    private static IEnumerable<string> English =>
        SourceFile.All.Select(file => file.Path).Where(path => path.EndsWith(".resx", StringComparison.Ordinal) && !path.EndsWith(".zh-CN.resx", StringComparison.Ordinal));

    [Fact]
    public void Both_languages_have_the_same_sentences_with_the_same_arguments() => Assert.All(English, path =>
    {
        var one = Read(path);
        var other = Read(Path.ChangeExtension(path, ".zh-CN.resx"));

        Assert.Equal(one.Keys.Order(), other.Keys.Order());
        Assert.DoesNotContain(one.Concat(other), entry => string.IsNullOrWhiteSpace(entry.Value));
        Assert.All(one, entry => Assert.Equal(Arguments(entry.Value), Arguments(other[entry.Key])));
    });

    [Fact]
    public void A_marker_class_lies_beside_every_resource_file() =>
        Assert.All(English, path => Assert.Contains(Path.ChangeExtension(path, ".cs"), SourceFile.Tracked));

    private static Dictionary<string, string> Read(string path) =>
        XDocument.Load(Path.Combine(RepositoryFolder.Root, path)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> Arguments(string sentence) => Argument().Matches(sentence).Select(match => match.Groups[1].Value).Distinct().Order();

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Argument();
}
