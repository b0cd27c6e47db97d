using System.Globalization;

namespace Portal.Tests;

public sealed class LocalDaysTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-07-01", "2026-06-30T16:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-07-01", "2026-06-30T18:30:00Z")]
    [InlineData("America/New_York", "2026-03-08", "2026-03-08T05:00:00Z")]
    [InlineData("America/New_York", "2026-03-09", "2026-03-09T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // Clocks went from 23:59:59 to 01:00.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // 00:00 to 00:59 come twice.
    public void A_day_starts_at_its_first_instant_in_the_zone(string zone, string day, string start) => Assert.Equal(
        DateTimeOffset.Parse(start, CultureInfo.InvariantCulture),
        LocalDays.StartOf(DateOnly.Parse(day, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("2026-07-01T08:30", "2026-07-01T12:30:00.0000000Z")]
    [InlineData("2026-03-08T02:30", "2026-03-08T07:00:00.0000000Z")] // Clocks went from 01:59:59 to 03:00.
    [InlineData("2026-11-01T01:30", "2026-11-01T05:30:00.0000000Z")] // 01:00 to 01:59 come twice.
    [InlineData("0001-01-01T00:00", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59", "9999-12-31T23:59:59.9999999Z")]
    public void A_time_that_somebody_typed_is_an_instant(string typed, string instant) => Assert.Equal(
        instant, LocalDays.At(DateTime.Parse(typed, CultureInfo.InvariantCulture), LocalDays.Zone("America/New_York")).UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/New_York")]
    [InlineData("America/Havana")]
    [InlineData("Australia/Lord_Howe")]
    public void The_days_of_a_year_follow_each_other_without_gap_or_overlap(string id)
    {
        var zone = LocalDays.Zone(id);
        for (var day = new DateOnly(2026, 1, 1); day.Year == 2026; day = day.AddDays(1))
        {
            var start = LocalDays.StartOf(day, zone);
            Assert.Equal(day, LocalDays.DayOf(start, zone));
            Assert.Equal(day.AddDays(-1), LocalDays.DayOf(start.AddTicks(-1), zone));
        }
    }

    [Fact]
    public void The_last_hour_of_a_month_belongs_to_the_month_of_the_account() =>
        Assert.Equal(new DateOnly(2026, 8, 1), LocalDays.MonthOf(new DateTimeOffset(2026, 7, 31, 16, 30, 0, TimeSpan.Zero), LocalDays.Zone("Asia/Shanghai")));

    [Fact]
    public void A_zone_that_nobody_knows_is_read_as_utc() => Assert.Equal(TimeZoneInfo.Utc, LocalDays.Zone("Mars/Olympus"));
}
