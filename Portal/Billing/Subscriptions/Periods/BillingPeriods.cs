namespace Portal.Billing.Subscriptions.Periods;

/// <summary>
/// Where periods begin and end. They keep the anchor's day of the month, or the month's last, and its time of day on the
/// account's wall clock. A time that the clock skips is the same instant an hour later by the clock; of a time that it
/// shows twice, the first counts.
/// </summary>
public static class BillingPeriods
{
    /// <summary>A boundary closer than this to the start is the start itself, seen through another time zone.</summary>
    private static readonly TimeSpan ShortestMonth = TimeSpan.FromDays(14);

    /// <param name="months">0: the anchor itself.</param>
    public static DateTimeOffset Boundary(DateTimeOffset anchor, int months, TimeZoneInfo zone)
    {
        // Always counted from the anchor: counted from the last boundary, 31 January would become the 28th for good.
        var local = DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(anchor, zone).DateTime.AddMonths(months), DateTimeKind.Unspecified);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The end of the period that begins at <paramref name="start"/>.</summary>
    /// <param name="periodMonths">1 or more.</param>
    public static DateTimeOffset End(DateTimeOffset anchor, DateTimeOffset start, int periodMonths, TimeZoneInfo zone)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(periodMonths, 1);
        var months = periodMonths;
        while (Boundary(anchor, months, zone) - start <= ShortestMonth * periodMonths)
        {
            months += periodMonths;
        }

        return Boundary(anchor, months, zone);
    }

    /// <summary>The period that contains an instant, of those that follow one another from <paramref name="start"/> on.</summary>
    /// <param name="at">At or after <paramref name="start"/>.</param>
    public static (DateTimeOffset From, DateTimeOffset To) Containing(DateTimeOffset anchor, DateTimeOffset start, int periodMonths, TimeZoneInfo zone, DateTimeOffset at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, start);
        var (from, to) = (start, End(anchor, start, periodMonths, zone));
        while (to <= at)
        {
            (from, to) = (to, End(anchor, to, periodMonths, zone));
        }

        return (from, to);
    }

    /// <summary>The second that an instant lies in: periods begin on whole seconds, so that every engine and key holds them alike.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
