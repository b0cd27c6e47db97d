namespace Portal;

/// <summary>Calendar days of a time zone as instants: the one rule by which time is cut into days and months.</summary>
public static class LocalDays
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>The day's first instant: where clocks skip midnight the next one there is, where they show it twice the earlier.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight += Step;
        }

        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    public static DateOnly MonthOf(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = DayOf(at, zone);
        return new DateOnly(day.Year, day.Month, 1);
    }

    /// <summary>The zone of an account; UTC when this machine does not know it.</summary>
    public static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
