using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Usage;

/// <summary>What an account, or one seat of it, burnt: by day, model and member, and where the running period is heading.</summary>
public sealed class UsageReport(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public async Task<Outcome<UsageView>> Read(Caller caller, UsageFilter filter, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var found = await UsageScope.Of(db, caller, filter, cancel);
        if (!found.IsDone(out var refusal))
        {
            return refusal;
        }

        var scope = found.Value;
        var window = await UsageWindow.Of(db, scope, filter.Range, now, cancel);
        var cells = await UsageReader.ByDay(db, scope, window.From, window.To, cancel);
        var period = filter.Range == UsageRange.Period
            ? UsageSums.Of(cells.Values)
            : UsageSums.Of((await UsageReader.ByDay(db, scope, window.PeriodStart, window.PeriodEnd, cancel)).Values);
        var names = scope.WholeAccount ? await Names(db, scope.AccountId, cancel) : [];
        var quotas = scope.MembershipId is { } seat
            ? await QuotaReader.OfSeat(db, scope.AccountId, seat, now, cancel)
            : await QuotaReader.OfAccount(db, scope.AccountId, now, cancel);
        return new UsageView(
            scope.Zone, window.From, window.To, Days(cells, scope.Zone, window), UsageSums.Of(cells.Values), Models(cells),
            scope.WholeAccount ? await Members(db, scope, window, names, cancel) : [],
            new UsagePeriod(window.PeriodStart, window.PeriodEnd, window.Subscribed, period, Forecast(period, window, now)) { Returned = await Returned(db, scope, window.PeriodStart, window.PeriodEnd, cancel) },
            quotas, await Choices(db, scope, names, cancel))
        {
            Returned = await Returned(db, scope, window.From, window.To, cancel),
        };
    }

    private static async Task<Money> Returned(PortalDb db, UsageScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => new(
        await db.UsageReturns.Where(r => r.AccountId == scope.AccountId)
            .Join(scope.Records(db).Where(u => u.At >= from && u.At < to), r => r.Id, u => u.Id, (r, u) => r.Nanos).SumAsync(cancel));

    private static List<UsageDay> Days(Dictionary<(DateOnly Day, string Model), UsageSums> cells, TimeZoneInfo zone, UsageWindow window)
    {
        var byDay = cells.ToLookup(c => c.Key.Day);
        var days = new List<UsageDay>();
        var last = LocalDays.DayOf(window.To.AddTicks(-1), zone);
        for (var day = LocalDays.DayOf(window.From, zone); day <= last; day = day.AddDays(1))
        {
            days.Add(new UsageDay(day, UsageSums.Of(byDay[day].Select(c => c.Value)), byDay[day].ToDictionary(c => c.Key.Model, c => c.Value)));
        }

        return days;
    }

    private static List<ModelUsage> Models(Dictionary<(DateOnly Day, string Model), UsageSums> cells) =>
    [
        .. cells.GroupBy(c => c.Key.Model, c => c.Value).Select(g => new ModelUsage(g.Key, UsageSums.Of(g)))
            .OrderByDescending(m => m.Sums.ChargedNanos).ThenByDescending(m => m.Sums.Requests).ThenBy(m => m.Model, StringComparer.Ordinal),
    ];

    private static async Task<List<MemberUsage>> Members(PortalDb db, UsageScope scope, UsageWindow window, Dictionary<Guid, string> names, CancellationToken cancel)
    {
        var seats = await UsageReader.BySeat(db, scope, window.From, window.To, cancel);
        return
        [
            .. seats.Select(s => new MemberUsage(s.Key, names.GetValueOrDefault(s.Key, ""), s.Value))
                .OrderByDescending(m => m.Sums.ChargedNanos).ThenByDescending(m => m.Sums.Requests).ThenBy(m => m.Name, StringComparer.CurrentCulture),
        ];
    }

    private static async Task<UsageChoices> Choices(PortalDb db, UsageScope scope, Dictionary<Guid, string> names, CancellationToken cancel)
    {
        var unfiltered = scope.WholeAccount ? scope with { MembershipId = null, Model = null } : scope with { Model = null };
        var used = await unfiltered.Hours(db).Select(h => new { h.Model, h.MembershipId }).Distinct().ToListAsync(cancel);
        return new UsageChoices(
            [.. used.Select(u => u.Model).Distinct().Order(StringComparer.Ordinal)],
            [
                .. used.Select(u => u.MembershipId).Distinct().Where(names.ContainsKey).Select(id => new MemberChoice(id, names[id]))
                    .OrderBy(m => m.Name, StringComparer.CurrentCulture),
            ]);
    }

    internal static Task<Dictionary<Guid, string>> Names(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.Memberships.AsNoTracking().Where(m => m.AccountId == accountId)
            .Select(m => new { m.Id, Name = m.Person.DisplayName == "" ? m.Person.Email! : m.Person.DisplayName })
            .ToDictionaryAsync(m => m.Id, m => m.Name, cancel);

    private static UsageForecast? Forecast(UsageSums toDate, UsageWindow window, DateTimeOffset now)
    {
        var seen = now - window.PeriodStart;
        if (seen < TimeSpan.FromDays(1))
        {
            return null;
        }

        var factor = (decimal)(window.PeriodEnd - window.PeriodStart).Ticks / seen.Ticks;
        return new UsageForecast((int)seen.TotalDays, new Money(Scale(toDate.ChargedNanos, factor)), Scale(toDate.Tokens, factor), Scale(toDate.Images, factor));
    }

    private static long Scale(long sum, decimal factor) => (long)Math.Min(long.MaxValue, decimal.Round(sum * factor, MidpointRounding.ToEven));
}
