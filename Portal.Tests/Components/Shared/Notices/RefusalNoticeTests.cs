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

    [Fact]
    public void No_refusal_is_nothing() => Assert.Equal("", Render<RefusalNotice>(p => p.Add(c => c.Refusal, null)).Markup.Trim());
}
