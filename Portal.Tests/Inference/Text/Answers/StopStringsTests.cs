using Portal.Inference.Text;
using Portal.Inference.Text.Answers;

namespace Portal.Tests.Inference.Text.Answers;

public sealed class StopStringsTests
{
    [Theory]
    [InlineData("one two three", "two", "one ")]
    [InlineData("one two three", "four", "one two three")]
    [InlineData("one two three", "one", "")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("abababc", "ababc", "ab")]
    [InlineData("充值后余额会更新", "余额", "充值后")]
    public void Text_ends_before_the_stop_string_however_it_is_cut(string text, string stop, string expected)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var stops = new StopStrings([stop]);
            var shown = "";
            foreach (var piece in text.Chunk(size).TakeWhile(_ => !stops.Reached))
            {
                shown += stops.Append(new string(piece));
                Assert.StartsWith(shown, expected, StringComparison.Ordinal);
            }

            Assert.Equal(expected, shown + stops.Rest());
            Assert.Equal(text.Contains(stop, StringComparison.Ordinal), stops.Reached);
        }
    }

    [Fact]
    public void The_first_of_several_counts() => Assert.Equal("a ", new StopStrings(["d", "b"]).Append("a b c d"));

    [Fact]
    public void Only_what_could_begin_a_stop_string_is_held_back()
    {
        var stops = new StopStrings(["\n\nUser:"]);
        Assert.Equal("Hello", stops.Append("Hello\n"));
        Assert.Equal("\nthere", stops.Append("there"));
        Assert.Equal("", stops.Rest());
    }
}
