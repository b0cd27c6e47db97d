using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;

namespace Portal;

/// <summary>Days and minutes that refusals, budgets and the audit keep in one fixed form, such as <c>2026-11-23 00:00</c>, as their reader writes them.</summary>
public static partial class Moments
{
    /// <param name="text">Resources with the patterns <c>TimeDate</c> and <c>TimeDateAndTime</c>.</param>
    /// <param name="zone">That moments of UTC are turned into; null: they stay as they are.</param>
    public static string Dated(this IStringLocalizer text, string said, TimeZoneInfo? zone = null) => Fixed().Replace(said, found =>
    {
        var clock = found.Groups["clock"].Value;
        if (!DateTime.TryParseExact($"{found.Groups["day"].Value} {(clock.Length == 0 ? "00:00" : clock)}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return found.Value;
        }

        var turned = found.Groups["utc"].Success && zone is not null;
        var written = (turned ? TimeZoneInfo.ConvertTimeFromUtc(at, zone!) : at).ToString(text[clock.Length == 0 ? "TimeDate" : "TimeDateAndTime"], CultureInfo.CurrentCulture);
        return found.Groups["utc"].Success && !turned ? $"{written} UTC" : written;
    });

    /// <summary>A month that is kept as <c>2026-11</c>; anything else stays as it is.</summary>
    /// <param name="text">Resources with the pattern <c>TimeMonth</c>.</param>
    public static string Month(this IStringLocalizer text, string month) => DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        ? at.ToString(text["TimeMonth"], CultureInfo.CurrentCulture)
        : month;

    [GeneratedRegex(@"(?<![\w-])(?<day>\d{4}-\d\d-\d\d)(?: (?<clock>\d\d:\d\d)(?::\d\d)?(?<utc>Z| UTC)?)?(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Fixed();
}
