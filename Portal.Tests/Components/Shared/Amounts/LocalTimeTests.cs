using Bunit;
using Portal.Components.Shared.Amounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Shared.Amounts;

public sealed class LocalTimeTests : ComponentTest
{
    private static readonly DateTimeOffset NewYearsEve = new(2026, 12, 31, 20, 30, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Theory]
    [InlineData("en", TimeStyle.DateAndTime, "1 Jan 2027, 04:30")]
    [InlineData("en", TimeStyle.Date, "1 Jan 2027")]
    [InlineData("en", TimeStyle.Clock, "04:30")]
    [InlineData("zh-CN", TimeStyle.DateAndTime, "2027年1月1日 04:30")]
    public void A_moment_is_told_in_the_pages_zone(string language, TimeStyle style, string told)
    {
        Speak(language);
        var time = Render<LocalTime>(p => p.AddCascadingValue(Shanghai).Add(c => c.At, NewYearsEve).Add(c => c.Style, style)).Find("time");

        Assert.Equal(told, time.TextContent);
        Assert.Equal("2026-12-31T20:30:00Z", time.GetAttribute("datetime"));
    }

    [Fact]
    public void Where_nobody_says_the_zone_it_is_utc()
    {
        var time = Render<LocalTime>(p => p.Add(c => c.At, NewYearsEve)).Find("time");

        Assert.Equal("31 Dec 2026, 20:30", time.TextContent);
    }

    [Fact]
    public void No_moment_is_nothing() => Assert.Equal("", Render<LocalTime>(p => p.Add(c => c.At, null)).Markup.Trim());
}
