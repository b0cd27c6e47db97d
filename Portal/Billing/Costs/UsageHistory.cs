using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>What an account used of late, as far as whole months go.</summary>
/// <param name="Months">Oldest first: up to three whole months until now, or the running one when there is none; empty without any use.</param>
/// <param name="Days">Since the first use that counts, at least 1; 0 without any.</param>
/// <param name="Scale">1 of whole months; of a shorter history what brings it up to a month.</param>
public sealed record UsageHistory(IReadOnlyList<UsageMonth> Months, int Days, decimal Scale)
{
    public const int MonthsMost = 3;

    /// <summary>A few lively hours say nothing of a month: fewer days count as this many.</summary>
    public const int DaysLeast = 7;

    private static readonly TimeSpan Shortest = TimeSpan.FromDays(DaysLeast);

    /// <summary>Whether it is shorter than a month.</summary>
    public bool IsPartial => Scale != 1;

    /// <summary>Added up by hour and model by the database: at most some thousand rows, however many prompts there were.</summary>
    internal static async Task<UsageHistory> Read(PortalDb db, Guid accountId, DateTimeOffset now, TimeZoneInfo zone, CancellationToken cancel)
    {
        var starts = Enumerable.Range(0, MonthsMost + 1).Select(back => BillingPeriods.Boundary(now, -back, zone)).ToArray();
        var oldest = HourOf(starts[^1]);
        var hours = await db.UsageHours.AsNoTracking().Where(h => h.AccountId == accountId && h.Hour >= oldest && h.Hour <= now)
            .GroupBy(h => new { h.Hour, h.Model })
            .Select(g => new UsageSlice(g.Key.Model, g.Key.Hour, g.Sum(h => h.InputTokens), g.Sum(h => h.OutputTokens), g.Sum(h => h.Images)))
            .ToListAsync(cancel);
        if (hours.Count == 0)
        {
            return new UsageHistory([], 0, 1);
        }

        // What came before these months makes the oldest of them whole, even when it begins quietly.
        var before = await db.UsageHours.AnyAsync(h => h.AccountId == accountId && h.Hour < oldest, cancel);
        var slices = hours.OrderBy(h => h.Hour).ThenBy(h => h.Model, StringComparer.Ordinal).ToList();
        var first = before ? oldest : slices[0].Hour;
        var whole = Enumerable.Range(1, MonthsMost).Count(back => first <= starts[back]);
        var months = Enumerable.Range(1, Math.Max(1, whole)).Reverse()
            .Select(back => new UsageMonth(starts[back], starts[back - 1], [.. slices.Where(s => s.Hour >= HourOf(starts[back]) && (back == 1 || s.Hour < HourOf(starts[back - 1])))])).ToList();
        var used = now - first;
        var length = used < Shortest ? Shortest : used;
        return new UsageHistory(
            months, Math.Max(1, (int)Math.Min(used.Ticks / TimeSpan.TicksPerDay, int.MaxValue)), whole > 0 ? 1 : decimal.Round((decimal)(starts[0] - starts[1]).Ticks / length.Ticks, 4));
    }

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
