using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Declines;

namespace Portal.Payments.AutoTopUps;

/// <summary>What came of an account's automatic top-ups, read from the payments themselves: whether another may start, and if not why.</summary>
/// <param name="FullUntil">When the next may start, because as many as may start in 24 hours did; null: fewer did.</param>
/// <param name="Undecided">The last one is on its way, or waits for the card holder.</param>
/// <param name="Failures">In a row, with the card that is charged now.</param>
/// <param name="LastCode">Why the last of them failed; null without any.</param>
internal sealed record AutoTopUpHistory(bool Undecided, DateTimeOffset? LastStarted, int Failures, DateTimeOffset? LastFailed, string? LastCode, DateTimeOffset? FullUntil)
{
    public const int FailuresMax = 3;

    /// <summary>So that what is spent in one breath is answered once.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>However fast credit is spent, or an account that is not its owner's any more drains it.</summary>
    public const int InADayMax = 10;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private const int Recent = 10;

    /// <summary>The card that is charged now was tried often enough.</summary>
    public bool IsStopped => Failures >= FailuresMax || DeclineCodes.IsHard(LastCode);

    public DateTimeOffset? PausedUntil => LastFailed + Pause;

    public bool MayStart(DateTimeOffset now) => !Undecided && !IsStopped && !(FullUntil > now) && !(PausedUntil > now) && !(LastStarted + CoolDown > now);

    public static async Task<AutoTopUpHistory> Read(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var since = await db.GatewayCustomers.AsNoTracking().Where(c => c.AccountId == accountId).Select(c => c.CardChangedAt).FirstOrDefaultAsync(cancel);
        var recent = await db.Payments.AsNoTracking().Where(p => p.AccountId == accountId && p.Purpose == PaymentPurpose.AutoTopUp)
            .OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).Take(Recent)
            .Select(p => new { p.Status, p.CreatedAt, p.FailedAt, p.FailureCode }).ToListAsync(cancel);
        var failed = recent.Where(p => p.FailureCode != DeclineCodes.Withdrawn).SkipWhile(p => IsUndecided(p.Status)).TakeWhile(p => p.Status == PaymentStatus.Failed && !(p.CreatedAt < since)).ToList();
        var (dayAgo, inADayFrom) = (now - Day, now + Day);
        var inADay = await db.Payments.Where(p => p.AccountId == accountId && p.Purpose == PaymentPurpose.AutoTopUp && p.CreatedAt > dayAgo && p.CreatedAt < inADayFrom)
            .OrderByDescending(p => p.CreatedAt).Select(p => p.CreatedAt).Take(InADayMax).ToListAsync(cancel);
        return new AutoTopUpHistory(
            recent.Any(p => IsUndecided(p.Status)), Past(recent.FirstOrDefault()?.CreatedAt, CoolDown), failed.Count, Past(failed.FirstOrDefault()?.FailedAt, Pause),
            failed.FirstOrDefault()?.FailureCode, inADay.Count == InADayMax ? inADay[^1] + Day : null);

        // What lies further ahead than it counts was written by a clock that has been set back since.
        DateTimeOffset? Past(DateTimeOffset? at, TimeSpan counts) => at - counts > now ? null : at;
    }

    private static bool IsUndecided(PaymentStatus status) => status is PaymentStatus.Pending or PaymentStatus.Unknown;
}
