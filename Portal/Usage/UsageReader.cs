using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Usage;

/// <summary>
/// Adds usage up from the hourly rollup. An hour that a boundary divides (a zone of half hours, a period that began at
/// 10:23) is read from the usage records instead, so that each prompt counts on its side of the boundary.
/// </summary>
internal static class UsageReader
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <returns>The sums by day and model, of what was used.</returns>
    public static async Task<Dictionary<(DateOnly Day, string Model), UsageSums>> ByDay(
        PortalDb db, UsageScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var cuts = Boundaries(scope.Zone, from, to).Where(at => at != HourOf(at)).ToLookup(HourOf);
        var hours = await scope.Hours(db).Where(h => h.Hour >= HourOf(from) && h.Hour < to)
            .GroupBy(h => new { h.Hour, h.Model })
            .Select(g => new
            {
                g.Key.Hour, g.Key.Model, Requests = g.Sum(h => h.Requests), Input = g.Sum(h => h.InputTokens), Output = g.Sum(h => h.OutputTokens),
                Images = g.Sum(h => h.Images), Covered = g.Sum(h => h.CoveredUnits), Charged = g.Sum(h => h.ChargedNanos),
            }).ToListAsync(cancel);
        var parts = hours.Where(h => !cuts.Contains(h.Hour))
            .Select(h => (At: h.Hour, h.Model, Sums: Sum(h.Requests, h.Input, h.Output, h.Images, h.Covered, h.Charged))).ToList();
        foreach (var divided in cuts.Select(c => c.Key).Where(hour => hours.Exists(h => h.Hour == hour)))
        {
            var records = await Records(db, scope, Later(divided, from), Earlier(divided + Hour, to), cancel);
            parts.AddRange(records.Select(r => (r.At, r.Model, r.Sums)));
        }

        return parts.GroupBy(p => (LocalDays.DayOf(p.At, scope.Zone), p.Model)).ToDictionary(g => g.Key, g => UsageSums.Of(g.Select(p => p.Sums)));
    }

    /// <returns>The sums by seat.</returns>
    public static async Task<Dictionary<Guid, UsageSums>> BySeat(PortalDb db, UsageScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var first = from == HourOf(from) ? from : HourOf(from) + Hour;
        var last = HourOf(to);
        var whole = await scope.Hours(db).Where(h => h.Hour >= first && h.Hour < last)
            .GroupBy(h => new { h.MembershipId, h.Model })
            .Select(g => new
            {
                g.Key.MembershipId, Requests = g.Sum(h => h.Requests), Input = g.Sum(h => h.InputTokens), Output = g.Sum(h => h.OutputTokens),
                Images = g.Sum(h => h.Images), Covered = g.Sum(h => h.CoveredUnits), Charged = g.Sum(h => h.ChargedNanos),
            }).ToListAsync(cancel);
        var parts = whole.Select(h => (Seat: h.MembershipId, Sums: Sum(h.Requests, h.Input, h.Output, h.Images, h.Covered, h.Charged))).ToList();
        if (from < first)
        {
            parts.AddRange((await Records(db, scope, from, Earlier(first, to), cancel)).Select(r => (r.Seat, r.Sums)));
        }

        if (last < to && last >= first)
        {
            parts.AddRange((await Records(db, scope, last, to, cancel)).Select(r => (r.Seat, r.Sums)));
        }

        return parts.GroupBy(p => p.Seat).ToDictionary(g => g.Key, g => UsageSums.Of(g.Select(p => p.Sums)));
    }

    private static async Task<List<(DateTimeOffset At, string Model, Guid Seat, UsageSums Sums)>> Records(
        PortalDb db, UsageScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var rows = await scope.Records(db).Where(u => u.At >= from && u.At < to)
            .Select(u => new { u.At, u.Model, u.MembershipId, u.InputTokens, u.OutputTokens, u.Images, u.CoveredUnits, u.ChargedNanos }).ToListAsync(cancel);
        return [.. rows.Select(u => (u.At, u.Model, u.MembershipId, Sum(1, u.InputTokens, u.OutputTokens, u.Images, u.CoveredUnits, u.ChargedNanos)))];
    }

    private static IEnumerable<DateTimeOffset> Boundaries(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        yield return from;
        yield return to;
        for (var day = LocalDays.DayOf(from, zone).AddDays(1); LocalDays.StartOf(day, zone) is var start && start < to; day = day.AddDays(1))
        {
            yield return start;
        }
    }

    // A model makes either text or images, so the sum of an hour tells which quota covered it.
    private static UsageSums Sum(long requests, long input, long output, long images, long covered, long charged) =>
        new(requests, input, output, images, images > 0 ? 0 : covered, images > 0 ? covered : 0, charged);

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
