using System.Globalization;
using Portal.Data.Billing;

namespace Portal.Catalog;

/// <summary>Decides when a factor applies. A condition that is not known here never applies: a typing error must not give a discount.</summary>
public static class FactorConditions
{
    private const int ContractMonthsMin = 12;
    private const int HourMax = 24;
    private const string Hours = "hours.";
    private const string Quality = "quality.";
    private const string Region = "region.";

    /// <summary>Those without an argument, in the order in which they are explained.</summary>
    public static IReadOnlyList<string> Plain { get; } =
    [
        "account.prepaid", "contract.12months", "account.education", "model.light", "model.previous", "request.batch", "request.batch-lite", "request.cached",
    ];

    /// <summary>Whether a condition can ever apply: one of <see cref="Plain"/>, <c>region.NAME</c>, <c>quality.GRADE</c> or <c>hours.00-08</c> with or without <c>@ZONE</c>.</summary>
    public static bool IsKnown(string condition) =>
        Plain.Contains(condition)
        || Names(condition, Region) || Names(condition, Quality)
        || (HoursOf(condition) is { } span && TryHours(span, out var from, out var to) && from is >= 0 and < HourMax && to is >= 0 and <= HourMax && from != to
            && (!condition.Contains('@', StringComparison.Ordinal) || (ZoneOf(condition) is { } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))));

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
        _ when condition.StartsWith(Region, StringComparison.Ordinal) => context.Region == condition[Region.Length..],
        _ when condition.StartsWith(Quality, StringComparison.Ordinal) => context.Quality is { } grade && grade == condition[Quality.Length..],
        _ when HoursOf(condition) is { } span => TryHour(condition, context.LocalTime, out var hour) && WithinHours(span, hour),
        _ => false,
    };

    /// <summary>Whether a factor makes the price of a plan's term: who binds for twelve months has a contract, who pays them at once has paid ahead too.</summary>
    public static bool OfTerm(string condition, PlanTerm term) => condition switch
    {
        "contract.12months" => term is PlanTerm.Contract or PlanTerm.Yearly,
        "account.prepaid" => term is PlanTerm.Yearly,
        _ => false,
    };

    /// <summary>For how many months an account is bound: as was agreed with it, or by its plan's term.</summary>
    /// <param name="term">Null: it has no plan.</param>
    public static int ContractMonths(int agreed, PlanTerm? term) => term is PlanTerm.Contract or PlanTerm.Yearly ? Math.Max(agreed, ContractMonthsMin) : agreed;

    /// <summary>The hours that a condition names, such as <c>00-08</c> of <c>hours.00-08@Asia/Shanghai</c>; null when it names none.</summary>
    public static string? HoursOf(string condition) => condition.StartsWith(Hours, StringComparison.Ordinal) ? condition[Hours.Length..].Split('@')[0] : null;

    /// <summary>The IANA id of the zone that a condition's hours are in; null: the account's.</summary>
    public static string? ZoneOf(string condition) => condition.Split('@') is [_, var zone] ? zone : null;

    private static bool Names(string condition, string prefix) =>
        condition.StartsWith(prefix, StringComparison.Ordinal) && condition[prefix.Length..] is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

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
    private static bool WithinHours(string span, int hour) =>
        TryHours(span, out var from, out var to) && (from <= to ? hour >= from && hour < to : hour >= from || hour < to);

    private static bool TryHours(string span, out int from, out int to)
    {
        from = to = 0;
        return span.Split('-') is [var begin, var end]
            && int.TryParse(begin, NumberStyles.None, CultureInfo.InvariantCulture, out from)
            && int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out to);
    }
}
