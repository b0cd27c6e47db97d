namespace Portal;

/// <summary>Calendar days of a time zone as instants: the one rule by which time is cut into days and months.</summary>
public static class LocalDays
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>The day's first instant: where clocks skip midnight the next one there is, where they show it twice the earlier.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone) => At(day.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>When the zone's clocks show this: where they skip it the next time there is, where they show it twice the earlier.</summary>
    /// <param name="local">As somebody typed it: of the first and the last year that can be written, the end of time is meant.</param>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        if (local.Year is 1 or 9999)
        {
            return local.Year == 1 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue;
        }

        while (zone.IsInvalidTime(local))
        {
            local += Step;
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    public static DateOnly MonthOf(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = DayOf(at, zone);
        return new DateOnly(day.Year, day.Month, 1);
    }

    /// <summary>The zone of an account; UTC when this machine does not know it.</summary>
    public static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
