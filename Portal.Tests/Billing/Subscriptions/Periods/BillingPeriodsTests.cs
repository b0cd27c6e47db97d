using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;

namespace Portal.Tests.Billing.Subscriptions.Periods;

public sealed class BillingPeriodsTests
{
    private static readonly string[] Zones =
        ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"];

    [Theory]
    [InlineData("2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28")]
    [InlineData("2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29")]
    [InlineData("2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30")]
    [InlineData("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")]
    [InlineData("2028-01-29", "2028-02-29", "2028-03-29", "2028-04-29")]
    [InlineData("2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30")]
    [InlineData("2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31")]
    [InlineData("2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28")]
    [InlineData("2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31")]
    [InlineData("2027-02-28", "2027-03-28", "2027-04-28", "2027-05-28")]
    [InlineData("2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29")]
    [InlineData("2027-12-29", "2028-01-29", "2028-02-29", "2028-03-29")]
    [InlineData("2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30")]
    [InlineData("2100-01-31", "2100-02-28", "2100-03-31", "2100-04-30")]
    public void F15_periods_keep_their_anchor_day_or_take_the_months_last(string anchor, params string[] ends)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var first = At($"{anchor}T10:30:00+08:00");
        var start = first;

        foreach (var end in ends)
        {
            start = BillingPeriods.End(first, start, 1, zone);
            Assert.Equal(At($"{end}T10:30:00+08:00"), start);
        }
    }

    [Theory]
    [InlineData("2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29")]
    [InlineData("2027-02-28", "2028-02-28", "2029-02-28")]
    [InlineData("2026-12-31", "2027-12-31", "2028-12-31")]
    [InlineData("2027-08-31", "2028-08-31", "2029-08-31")]
    [InlineData("2028-08-29", "2029-08-29", "2030-08-29")]
    [InlineData("2096-02-29", "2097-02-28", "2098-02-28", "2099-02-28", "2100-02-28", "2101-02-28", "2102-02-28", "2103-02-28", "2104-02-29")]
    public void F15_years_keep_their_day_and_their_months_lead_to_it(string anchor, params string[] ends)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var first = At($"{anchor}T23:59:59+08:00");
        var (year, months) = (first, first);

        foreach (var end in ends)
        {
            year = BillingPeriods.End(first, year, 12, zone);
            months = Terms.Later(first, months, Terms.Months, zone);
            Assert.Equal((At($"{end}T23:59:59+08:00"), At($"{end}T23:59:59+08:00")), (year, months));
        }
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-02-28T02:30:00+01:00", "2026-03-28T02:30:00+01:00")]
    [InlineData("Europe/Berlin", "2026-02-28T12:00:00+01:00", "2026-03-28T12:00:00+01:00")]
    [InlineData("Europe/Berlin", "2026-03-15T12:00:00+01:00", "2026-04-15T12:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-03-01T02:30:00+01:00", "2026-04-01T02:30:00+02:00")]
    [InlineData("Europe/Berlin", "2027-02-28T02:30:00+01:00", "2027-03-28T03:30:00+02:00")]
    [InlineData("Europe/Berlin", "2026-09-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("America/New_York", "2026-02-08T02:30:00-05:00", "2026-03-08T03:30:00-04:00")]
    [InlineData("America/New_York", "2026-10-01T01:30:00-04:00", "2026-11-01T01:30:00-04:00")]
    [InlineData("Australia/Lord_Howe", "2026-09-04T02:10:00+10:30", "2026-10-04T02:40:00+11:00")]
    [InlineData("Australia/Lord_Howe", "2026-03-05T01:45:00+11:00", "2026-04-05T01:45:00+11:00")]
    [InlineData("Africa/Cairo", "2026-03-24T00:30:00+02:00", "2026-04-24T01:30:00+03:00")]
    [InlineData("Africa/Cairo", "2026-09-29T23:30:00+03:00", "2026-10-29T23:30:00+03:00")]
    [InlineData("Asia/Beirut", "2026-02-28T00:15:00+02:00", "2026-03-28T00:15:00+02:00")]
    [InlineData("America/Santiago", "2026-08-06T00:30:00-04:00", "2026-09-06T01:30:00-03:00")]
    [InlineData("America/St_Johns", "2026-02-08T02:30:00-03:30", "2026-03-08T03:30:00-02:30")]
    [InlineData("Pacific/Auckland", "2026-03-05T02:30:00+13:00", "2026-04-05T02:30:00+13:00")]
    [InlineData("Asia/Shanghai", "2026-03-29T02:30:00+08:00", "2026-04-29T02:30:00+08:00")]
    public void F16_a_skipped_time_moves_on_and_of_a_repeated_one_the_first_counts(string zone, string start, string end) =>
        Assert.Equal(At(end), BillingPeriods.End(At(start), At(start), 1, TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void F16_in_any_zone_periods_follow_each_other_and_none_is_shorter_or_longer_than_a_month() => Prop.ForAll(
        Arb.From(from zone in Gen.Elements(Zones) from minutes in Gen.Choose(0, 60 * 24 * 366 * 4) select (zone, minutes)),
        x =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(x.zone);
            var anchor = At("2026-01-01T00:00:00Z").AddMinutes(x.minutes);
            var start = anchor;
            for (var period = 0; period < 30; period++)
            {
                var end = BillingPeriods.End(anchor, start, 1, zone);
                Assert.InRange((end - start).TotalHours, (28 * 24) - 1.5, (31 * 24) + 1.5);
                Assert.Equal(period + 1, MonthsBetween(anchor, end, zone));
                start = end;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T00:00:00Z")]
    [InlineData("America/New_York", "2026-10-31T00:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T00:00:00Z")]
    [InlineData("America/Santiago", "2026-09-05T00:00:00Z")]
    [InlineData("Africa/Cairo", "2026-04-23T00:00:00Z")]
    public void F16_where_the_clock_changes_a_day_is_one_quota_window_and_the_next_follows_it(string id, string from)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var windows = Enumerable.Range(0, 3 * 24 * 4).Select(quarter => At(from).AddMinutes(15 * quarter))
            .Select(at => (Day: UsageWindows.At(at, zone, null).Day, Local: TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).ToList();

        Assert.All(windows, w => Assert.Equal(w.Local, w.Day));
        var days = windows.Select(w => w.Day).Aggregate(new List<string>(), (seen, day) => seen.Count > 0 && seen[^1] == day ? seen : [.. seen, day]);
        Assert.Equal(days.Distinct(), days);
        Assert.Equal(days.Order(StringComparer.Ordinal), days);
    }

    [Theory]
    [InlineData("Asia/Shanghai", "America/Los_Angeles")]
    [InlineData("America/Los_Angeles", "Asia/Shanghai")]
    [InlineData("Pacific/Apia", "Pacific/Pago_Pago")]
    public void An_account_that_moves_to_another_zone_gets_no_period_of_a_few_hours(string before, string after)
    {
        var anchor = At("2026-01-31T20:00:00Z");
        var end = BillingPeriods.End(anchor, anchor, 1, TimeZoneInfo.FindSystemTimeZoneById(before));

        var next = BillingPeriods.End(anchor, end, 1, TimeZoneInfo.FindSystemTimeZoneById(after));

        Assert.InRange((next - end).TotalDays, 26, 33);
    }

    [Fact]
    public void A_plan_of_several_months_keeps_the_day_too() =>
        Assert.Equal(At("2026-04-30T00:00:00Z"), BillingPeriods.End(At("2026-01-31T00:00:00Z"), At("2026-01-31T00:00:00Z"), 3, TimeZoneInfo.Utc));

    private static int MonthsBetween(DateTimeOffset anchor, DateTimeOffset end, TimeZoneInfo zone)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(anchor, zone), TimeZoneInfo.ConvertTime(end, zone));
        return ((to.Year - from.Year) * 12) + to.Month - from.Month;
    }

    private static DateTimeOffset At(string written) => DateTimeOffset.Parse(written, CultureInfo.InvariantCulture);
}
