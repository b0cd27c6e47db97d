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
    public void Chinese_sentences_have_full_width_marks() => Assert.All(English, path =>
        Assert.DoesNotContain(Read(Path.ChangeExtension(path, ".zh-CN.resx")), entry => HalfWidthMark().IsMatch(entry.Value)));

    [Theory]
    [InlineData("余额不足, 请充值", true)]
    [InlineData("共 {0}(张)", true)]
    [InlineData("余额:{0}", true)]
    [InlineData("余额：{0}，请求头“Authorization: Bearer pk_…”。HH:mm", false)]
    public void A_half_width_mark_beside_a_Chinese_character_is_found(string sentence, bool found) => Assert.Equal(found, HalfWidthMark().IsMatch(sentence));

    [Fact]
    public void A_marker_class_lies_beside_every_resource_file() =>
        Assert.All(English, path => Assert.Contains(Path.ChangeExtension(path, ".cs"), SourceFile.Tracked));

    private static Dictionary<string, string> Read(string path) =>
        XDocument.Load(Path.Combine(RepositoryFolder.Root, path)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> Arguments(string sentence) => Argument().Matches(sentence).Select(match => match.Groups[1].Value).Distinct().Order();

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Argument();

    [GeneratedRegex(@"[\u3400-\u9fff\u3001-\u301f\uff01-\uff5e}] ?[,;:()!?]|[,;:()!?] ?[\u3400-\u9fff\u3001-\u301f\uff01-\uff5e]")]
    private static partial Regex HalfWidthMark();
}
