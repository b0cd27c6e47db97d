using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Support.Timeline;

/// <summary>The entries that the ledger and its documents tell.</summary>
/// <param name="most">Entries of each source, the newest.</param>
internal sealed class TimelineMoney(PortalDb db, Guid accountId, int most)
{
    /// <summary>With clocks that are set back.</summary>
    private const int HoursOfDay = 25;

    private static readonly string[] Spendable = [LedgerCodes.CreditPurchased, LedgerCodes.CreditGranted, LedgerCodes.Postpaid, LedgerCodes.Owed];

    /// <summary>What moved besides prompts: one entry a booking, however many accounts it took from.</summary>
    public async Task<IEnumerable<TimelineEntry>> Transfers(CancellationToken cancel)
    {
        var legs = from b in BookedTransfer.History(db, accountId)
                   where b.Transfer.Amount > 0 && b.Transfer.Kind != TransferKind.Pending && b.Debit.Unit == Unit.Money
                   select new
                   {
                       b.Transfer.At, b.Transfer.Code, b.Transfer.Reference,
                       Gained = (Spendable.Contains(b.Credit.Code) ? b.Transfer.Amount : 0L) - (Spendable.Contains(b.Debit.Code) ? b.Transfer.Amount : 0L),
                   };
        var bookings = await legs.GroupBy(l => new { l.At, l.Code, l.Reference }).Select(g => new { g.Key.At, g.Key.Code, g.Key.Reference, Gained = g.Sum(l => l.Gained) })
            .OrderByDescending(b => b.At).ThenByDescending(b => b.Reference).ThenBy(b => b.Code).Take(most).ToListAsync(cancel);
        return bookings.Select(b => new TimelineEntry(b.At, TimelineKind.Money, TimelineSource.Ledger, b.Reference, b.Code, Amount: new Money(b.Gained)));
    }

    /// <summary>Payments that came to nothing.</summary>
    public async Task<IEnumerable<TimelineEntry>> Failures(CancellationToken cancel)
    {
        var failed = await db.Payments.AsNoTracking().Where(p => p.AccountId == accountId && p.Status == PaymentStatus.Failed).OrderByDescending(p => p.CreatedAt).Take(most)
            .Select(p => new { p.Id, p.CreatedAt, p.FailureCode, p.AmountNanos, Email = db.Users.Where(u => u.Id == p.PersonId).Select(u => u.Email).FirstOrDefault() }).ToListAsync(cancel);
        return failed.Select(p => new TimelineEntry(p.CreatedAt, TimelineKind.Money, TimelineSource.Own, $"{p.Id}", "payment.failed", p.Email, p.FailureCode, new Money(p.AmountNanos)));
    }

    public async Task<IEnumerable<TimelineEntry>> Documents(CancellationToken cancel)
    {
        var documents = await db.Invoices.AsNoTracking().Where(i => i.AccountId == accountId).OrderByDescending(i => i.IssuedAt).ThenByDescending(i => i.Number).Take(most)
            .Select(i => new { i.Number, i.IssuedAt, i.TotalNanos }).ToListAsync(cancel);
        return documents.Select(i => new TimelineEntry(i.IssuedAt, TimelineKind.Money, TimelineSource.Own, i.Number, "document", Detail: i.Number, Amount: new Money(i.TotalNanos)));
    }

    /// <summary>The periods that began, with what was paid for each.</summary>
    public async Task<IEnumerable<TimelineEntry>> Periods(DateTimeOffset now, CancellationToken cancel)
    {
        var periods = await db.SubscriptionPeriods.AsNoTracking().Where(p => p.Start <= now && db.Subscriptions.Any(s => s.Id == p.SubscriptionId && s.AccountId == accountId))
            .OrderByDescending(p => p.Start).Take(most)
            .Select(p => new { p.SubscriptionId, p.Start, p.FeeNanos, Plan = db.Plans.Where(plan => plan.Id == p.PlanId).Select(plan => new { plan.NameEn, plan.NameZh }).FirstOrDefault() }).ToListAsync(cancel);
        return periods.Select(p => new TimelineEntry(p.Start, TimelineKind.Plan, TimelineSource.Own, $"{p.SubscriptionId}", "period", Detail: p.Plan is { } plan ? PlanNames.Choose(plan.NameEn, plan.NameZh) : null, Amount: new Money(p.FeeNanos)));
    }

    /// <summary>What prompts used and cost, a day each: sums of the rollup that the ledger raises with each charge, and that verify proves against its transfers.</summary>
    public async Task<IEnumerable<TimelineEntry>> Days(string timeZone, TimelineKind[] wanted, CancellationToken cancel)
    {
        if (!wanted.Contains(TimelineKind.Money) && !wanted.Contains(TimelineKind.Usage))
        {
            return [];
        }

        var hoursMost = (most + 1) * HoursOfDay;
        var zone = LocalDays.Zone(timeZone);
        var hours = await db.UsageHours.AsNoTracking().Where(h => h.AccountId == accountId).GroupBy(h => h.Hour)
            .Select(g => new { Hour = g.Key, Requests = g.Sum(h => h.Requests), Tokens = g.Sum(h => h.InputTokens + h.OutputTokens), Images = g.Sum(h => h.Images), Charged = g.Sum(h => h.ChargedNanos) })
            .OrderByDescending(h => h.Hour).Take(hoursMost).ToListAsync(cancel);
        var days = hours.GroupBy(h => LocalDays.DayOf(h.Hour, zone)).OrderByDescending(g => g.Key).ToList();

        // The oldest day may go on beyond what was read.
        return (hours.Count == hoursMost ? days.SkipLast(1) : days).SelectMany(day =>
        {
            var used = new TimelineDay(day.Key, day.Sum(h => h.Requests), day.Sum(h => h.Tokens), day.Sum(h => h.Images));
            var charged = day.Sum(h => h.Charged);
            var (at, key) = (day.Max(h => h.Hour), day.Key.ToString("O", CultureInfo.InvariantCulture));
            return new[]
            {
                wanted.Contains(TimelineKind.Money) && charged > 0 ? new TimelineEntry(at, TimelineKind.Money, TimelineSource.Own, key, "charges", Amount: new Money(-charged), Day: used) : null,
                wanted.Contains(TimelineKind.Usage) ? new TimelineEntry(at, TimelineKind.Usage, TimelineSource.Own, key, "usage", Day: used) : null,
            };
        }).OfType<TimelineEntry>();
    }
}
