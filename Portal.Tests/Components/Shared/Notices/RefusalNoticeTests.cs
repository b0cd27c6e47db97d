using Bunit;
using Portal.Components.Shared.Notices;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Shared.Notices;

public sealed class RefusalNoticeTests : ComponentTest
{
    [Fact]
    public void A_refusal_is_announced_as_its_sentence()
    {
        var notice = Render<RefusalNotice>(p => p.Add(c => c.Refusal, Refusal.NotFound));

        Assert.Contains("Nothing was changed", notice.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_without_a_sentence_still_says_that_nothing_was_charged()
    {
        Speak("zh-CN");
        var notice = Render<RefusalNotice>(p => p.Add(c => c.Refusal, new Refusal(string.Concat("no", "-such-code"))));

        Assert.Contains("未产生任何费用", notice.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "This needs up to 11 tokens, and 10 are left of this API key's budget. Nothing was used. It starts again at 1 Jan 2027, 00:00")]
    [InlineData("zh-CN", "此操作最多需要 11 token，而该 API 密钥的预算仅剩 10。未消耗任何额度。该预算将于 2027年1月1日 00:00")]
    public void A_budget_is_named_in_the_reader_s_words(string language, string begin)
    {
        Speak(language);
        var reached = new Refusal("cap.tokens", "11", "10", "word:cap.of.key", "word:cap.resets", "2027-01-01 00:00", "word:cap.raise.key");

        Assert.StartsWith(begin, Render<RefusalNotice>(p => p.Add(c => c.Refusal, reached)).Find("p").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void No_refusal_is_nothing() => Assert.Equal("", Render<RefusalNotice>(p => p.Add(c => c.Refusal, null)).Markup.Trim());
}
