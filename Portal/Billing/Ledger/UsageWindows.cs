using System.Globalization;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>The windows in which a prompt counts, fixed when it is asked; calendar days and months are those of the account's time zone.</summary>
/// <param name="Day">E.g. <c>2026-11-21</c>.</param>
/// <param name="Month">Of the price's tiers, e.g. <c>2026-11</c>.</param>
/// <param name="Period">The start of the subscription's period as a day; without one the month.</param>
public sealed record UsageWindows(string Day, string Month, string Period)
{
    /// <param name="periodStart">Of the running subscription; null: there is none.</param>
    public static UsageWindows At(DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? periodStart)
    {
        var month = Local(now, zone, "yyyy-MM");
        return new UsageWindows(Local(now, zone, "yyyy-MM-dd"), month, periodStart is { } start ? Local(start, zone, "yyyy-MM-dd") : month);
    }

    public string Of(CapWindow window) => window switch
    {
        CapWindow.Day => Day,
        CapWindow.Period => Period,
        CapWindow.Total => "total",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "no such window"),
    };

    private static string Local(DateTimeOffset at, TimeZoneInfo zone, string format) => TimeZoneInfo.ConvertTime(at, zone).ToString(format, CultureInfo.InvariantCulture);
}
