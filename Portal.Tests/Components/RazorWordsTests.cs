using System.Text.RegularExpressions;
using Portal.Components.Shared;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components;

/// <summary>Words a person sees come from resources: none stand in the markup, and every refusal has its sentence.</summary>
public sealed partial class RazorWordsTests
{
    private static IEnumerable<SourceFile> Pages => SourceFile.Code.Where(file => file.IsIn("Portal/Components") && file.Path.EndsWith(".razor", StringComparison.Ordinal));

    [Fact]
    public void No_text_stands_in_the_markup() => SourceFile.AssertNone(Pages.SelectMany(file => BareWords(file.Path, Markup(file))));

    [Theory]
    [InlineData("<p>Hello there</p>")]
    [InlineData("<p>\n    Hello there\n</p>")]
    [InlineData("<button aria-label=\"Close\" @onclick=\"() => Close(1)\"></button>")]
    [InlineData("<Notice Title=\"Refused\" />")]
    [InlineData("<p>余额</p>")]
    public void A_bare_word_is_found(string markup) => Assert.NotEmpty(BareWords("x.razor", markup));

    [Theory]
    [InlineData("<p>@Text[\"Hello\"]</p>")]
    [InlineData("<a href=\"/plans\" @onclick=\"() => Go(\"x\")\">@Text[\"Plans\"]</a>")]
    [InlineData("@if (ready)\n{\n    <p>·</p>\n}\nelse\n{\n    var at = row;\n}")]
    [InlineData("<span class=\"rzi\" aria-hidden=\"true\">close</span>")]
    public void Words_from_resources_are_not(string markup) => Assert.Empty(BareWords("x.razor", markup));

    // Razor drops white space before code: what is written apart would be read as one word.
    [Fact]
    public void No_space_stands_between_an_element_and_code() => SourceFile.AssertNone(Pages.SelectMany(file =>
        SpaceBeforeCode().Matches(Markup(file)).Select(match => $"{file.Path}: {match.Value.Trim()}")));

    /// <summary>A comma or a colon of the markup would be half as wide as the Chinese words around it.</summary>
    [Fact]
    public void No_mark_follows_words_in_the_markup() => SourceFile.AssertNone(Pages.SelectMany(file =>
        MarkAfterWords().Matches(Markup(file)).Select(match => $"{file.Path}: {match.Value.Trim()}")));

    [Fact]
    public void Every_refusal_has_a_sentence()
    {
        var known = new System.Resources.ResourceManager(typeof(RefusalText));
        var codes = SourceFile.Code.Where(file => file.IsIn("Portal"))
            .SelectMany(file => RefusalCode().Matches(string.Join('\n', file.Lines)).Select(match => match.Groups[1].Value)).Distinct();
        SourceFile.AssertNone(codes.Where(code => known.GetString(code, System.Globalization.CultureInfo.InvariantCulture) is null));
    }

    private static string Markup(SourceFile file)
    {
        var text = string.Join('\n', file.Lines);
        return CodeBlock().Replace(text, "");
    }

    private static IEnumerable<string> BareWords(string path, string markup)
    {
        var clean = Icon().Replace(Comment().Replace(markup, ""), "");
        var found = BetweenTags().Matches(clean).Concat(LineOfWords().Matches(clean)).Concat(SpokenAttribute().Matches(clean));
        return found.Select(match => $"{path}: {match.Value.Trim()}");
    }

    [GeneratedRegex(@"(@\w+\[[^\]\n]*\]|/>)[,:;!?](?=\s)")]
    private static partial Regex MarkAfterWords();

    [GeneratedRegex(@"(?<=[/""\w]>)[ \t]+@(if|for|foreach|while|switch)\b")]
    private static partial Regex SpaceBeforeCode();

    [GeneratedRegex(@"^@(code|functions)\b.*\z", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // Icons are ligatures: their text is a picture's name.
    [GeneratedRegex(@"<span class=""[^""]*rzi[^>]*>[a-z_0-9]+</span>")]
    private static partial Regex Icon();

    [GeneratedRegex(@"(?<=[\w""/]>)[^<>@{}()=;]*[A-Za-z\u4e00-\u9fff]{2}[^<>@{}()=;]*(?=<)")]
    private static partial Regex BetweenTags();

    [GeneratedRegex(@"^(?>[ \t]*)(?!else\b|@|do\b|try\b|default:|case\b|break\b)[^<>@{}()=;""\n]*[A-Za-z\u4e00-\u9fff]{2}[^<>@{}()=;""\n]*$", RegexOptions.Multiline)]
    private static partial Regex LineOfWords();

    [GeneratedRegex(@"\b(Title|Text|Label|Lead|Placeholder|EmptyText|Message|Action|aria-label|title|alt|placeholder)=""[^@""]*[A-Za-z\u4e00-\u9fff]{2}[^@""]*""")]
    private static partial Regex SpokenAttribute();

    [GeneratedRegex(@"(?:new Refusal|\bRefusal \w+ = new)\(\s*""([^""]+)""")]
    private static partial Regex RefusalCode();
}
