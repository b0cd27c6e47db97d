using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Usage;

/// <summary>The stretch of time that a report covers, and the running period.</summary>
/// <param name="To">Exclusive.</param>
internal sealed record UsageWindow(DateTimeOffset From, DateTimeOffset To, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool Subscribed)
{
    public static async Task<UsageWindow> Of(PortalDb db, UsageScope scope, UsageRange range, DateTimeOffset now, CancellationToken cancel)
    {
        var subscription = await db.Subscriptions.AsNoTracking()
            .Where(s => s.AccountId == scope.AccountId && s.Status != SubscriptionStatus.Canceled && s.PeriodStart <= now && s.PeriodEnd > now)
            .Select(s => new { s.PeriodStart, s.PeriodEnd }).FirstOrDefaultAsync(cancel);
        var month = LocalDays.MonthOf(now, scope.Zone);
        var start = subscription?.PeriodStart ?? LocalDays.StartOf(month, scope.Zone);
        var end = subscription?.PeriodEnd ?? LocalDays.StartOf(month.AddMonths(1), scope.Zone);

        var today = LocalDays.DayOf(now, scope.Zone);
        var tomorrow = LocalDays.StartOf(today.AddDays(1), scope.Zone);
        return range == UsageRange.Period
            ? new UsageWindow(start, tomorrow < end ? tomorrow : end, start, end, subscription is not null)
            : new UsageWindow(LocalDays.StartOf(today.AddDays(1 - (int)range), scope.Zone), tomorrow, start, end, subscription is not null);
    }
}
