using System.Globalization;

namespace Portal.Catalog;

/// <summary>Decides when a factor applies. A condition that is not known here never applies: a typing error must not give a discount.</summary>
public static class FactorConditions
{
    private const int ContractMonthsMin = 12;
    private const string Hours = "hours.";

    public static bool Applies(string condition, PriceContext context) => condition switch
    {
        "account.prepaid" => context.Prepaid,
        "contract.12months" => context.ContractMonths >= ContractMonthsMin,
        "account.education" => context.Education,
        "model.light" => context.LightModel,
        "model.previous" => context.PreviousVersion,
        "request.batch" => context.Batch,
        "request.cached" => context.Cached,
        "request.batch-lite" => context.BatchLite,
        _ when condition.StartsWith("region.", StringComparison.Ordinal) => context.Region == condition["region.".Length..],
        _ when HoursOf(condition) is { } span => TryHour(condition, context.LocalTime, out var hour) && WithinHours(span, hour),
        _ => false,
    };

    /// <summary>The hours that a condition names, such as <c>00-08</c> of <c>hours.00-08@Asia/Shanghai</c>; null when it names none.</summary>
    public static string? HoursOf(string condition) => condition.StartsWith(Hours, StringComparison.Ordinal) ? condition[Hours.Length..].Split('@')[0] : null;

    /// <summary>The IANA id of the zone that a condition's hours are in; null: the account's.</summary>
    public static string? ZoneOf(string condition) => condition.Split('@') is [_, var zone] ? zone : null;

    /// <summary>The hour in the zone that the condition names: the price list's, because an account's zone is its own to choose.</summary>
    private static bool TryHour(string condition, DateTimeOffset time, out int hour)
    {
        hour = time.Hour;
        if (ZoneOf(condition) is not { } id)
        {
            return true;
        }

        var known = TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone);
        hour = known ? TimeZoneInfo.ConvertTime(time, zone!).Hour : hour;
        return known;
    }

    /// <param name="span">Two hours of the day, from inclusive, to exclusive: <c>00-08</c>; <c>22-06</c> spans midnight.</param>
    private static bool WithinHours(string span, int hour)
    {
        var parts = span.Split('-');
        if (parts.Length != 2
            || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var to))
        {
            return false;
        }

        return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
    }
}
