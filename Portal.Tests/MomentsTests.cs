using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Tests.Fixtures;

namespace Portal.Tests;

public sealed class MomentsTests : ComponentTest
{
    [Theory]
    [InlineData("en", "99.00 → 2026-12-20", "99.00 → 20 Dec 2026")]
    [InlineData("zh-CN", "99.00 → 2026-12-20", "99.00 → 2026年12月20日")]
    [InlineData("en", "version 2 from 2026-12-20 23:30 UTC", "version 2 from 21 Dec 2026, 07:30")]
    [InlineData("en", "2026-12-20 23:30:00Z", "21 Dec 2026, 07:30")]
    [InlineData("en", "2026-11-23 00:00", "23 Nov 2026, 00:00")]
    [InlineData("en", "RCP-2026-000001, 2026-13-45, x2026-11-23", "RCP-2026-000001, 2026-13-45, x2026-11-23")]
    public void Fixed_dates_are_written_as_their_reader_writes_them(string language, string said, string written)
    {
        Speak(language);

        Assert.Equal(written, Services.GetRequiredService<IStringLocalizer<SharedText>>().Dated(said, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")));
    }
}
