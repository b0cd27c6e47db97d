using System.Globalization;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>The windows in which a prompt counts, fixed when it is asked; calendar days and months are those of the account's time zone.</summary>
/// <param name="Day">E.g. <c>2026-11-21</c>.</param>
/// <param name="Month">Of the price's tiers, e.g. <c>2026-11</c>.</param>
/// <param name="Period">The start of the subscription's period as a day; without one the month.</param>
/// <param name="DayEnds">For people, e.g. <c>2026-11-22 00:00</c> of the account's time zone.</param>
/// <param name="PeriodEnds">For people, as <paramref name="DayEnds"/>.</param>
public sealed record UsageWindows(string Day, string Month, string Period, string DayEnds = "", string PeriodEnds = "")
{
    /// <summary>What the counters of daily caps begin with; the day follows, so that old ones are found by it.</summary>
    public const string DayCounters = "cap:day:";

    /// <summary>What the counters of the price's tiers begin with; the unit and the month follow.</summary>
    public const string TierCounters = "tier:";

    private const string DayFormat = "yyyy-MM-dd";
    private const string MinuteFormat = "yyyy-MM-dd HH:mm";

    /// <param name="periodStart">Of the running subscription; null: there is none.</param>
    /// <param name="periodEnd">Of the same; null: there is none, or nobody will be told.</param>
    public static UsageWindows At(DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? periodStart, DateTimeOffset? periodEnd = null)
    {
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var month = Text(today, "yyyy-MM");
        return new UsageWindows(
            Text(today, DayFormat), month, periodStart is { } start ? Local(start, zone, DayFormat) : month, Text(today.AddDays(1), MinuteFormat),
            periodEnd is { } end ? Local(end, zone, MinuteFormat) : Text(today.AddDays(1 - today.Day).AddMonths(1), MinuteFormat));
    }

    /// <summary>The counter of a cap in its window. It names the window's kind: a period begins on a day that has a counter of its own.</summary>
    public string CounterOf(Guid subject, CapMeter meter, CapWindow window) => $"{Of(window)}:{subject:N}:{(int)meter}";

    /// <summary>Whether a counter of a cap, or of the price's tiers, is one of these windows': what it counts still counts.</summary>
    public bool Has(string counter) =>
        Array.Exists(Enum.GetValues<CapWindow>(), window => counter.StartsWith($"{Of(window)}:", StringComparison.Ordinal))
        || (counter.StartsWith(TierCounters, StringComparison.Ordinal) && counter.EndsWith($":{Month}", StringComparison.Ordinal));

    /// <returns>When the window ends, for people; null: never.</returns>
    public string? EndOf(CapWindow window) => window switch
    {
        CapWindow.Day => DayEnds,
        CapWindow.Period => PeriodEnds,
        _ => null,
    };

    /// <summary>What the counter of a daily cap is called on this day and after, by the order of the letters.</summary>
    public static string DayCountersFrom(DateTimeOffset day) => DayCounters + Text(day.UtcDateTime, DayFormat);

    private string Of(CapWindow window) => window switch
    {
        CapWindow.Day => DayCounters + Day,
        CapWindow.Period => $"cap:period:{Period}",
        CapWindow.Total => "cap:total",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "no such window"),
    };

    private static string Local(DateTimeOffset at, TimeZoneInfo zone, string format) => Text(TimeZoneInfo.ConvertTime(at, zone).DateTime, format);

    private static string Text(DateTime local, string format) => local.ToString(format, CultureInfo.InvariantCulture);
}
