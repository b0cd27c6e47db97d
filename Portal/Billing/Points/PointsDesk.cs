using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Billing.Points;

/// <summary>
/// Points for looking in and for first steps, given once each, and credit for points. They are an account of the ledger in a unit of their own: what is
/// redeemed leaves it in the transaction that grants the credit.
/// </summary>
public sealed class PointsDesk(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, IOptions<PointsOptions> options, TimeProvider clock)
{
    public const string CheckInTask = "check-in";
    public const string RedeemTask = "redeem";

    private const int HistoryMost = 50;
    private const int Hundred = 100;

    public bool Enabled => options.Value.Enabled == true;

    public async Task<Outcome<PointsView>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (WhyNotSee(caller) is { } no) return no;
        var most = options.Value;
        await using var db = databases.CreateDbContext();
        var balance = await db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == caller.AccountId && a.Code == LedgerCodes.Points).SumAsync(a => a.Balance - a.Held, cancel);
        var had = await db.PointsEntries.AsNoTracking().Where(e => (e.AccountId == caller.AccountId || e.PersonId == caller.PersonId) && e.Window == "").Select(e => e.Task).ToListAsync(cancel);
        var done = await PointTasks.Done(db, caller.AccountId, Kept(clock.GetUtcNow()), cancel);
        var history = await db.PointsEntries.AsNoTracking().Where(e => e.AccountId == caller.AccountId).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(HistoryMost)
            .Select(e => new PointsView.Entry(e.Id, e.Task, e.Points, new Money(e.CreditNanos), e.At)).ToListAsync(cancel);
        return new PointsView(
            balance, most.CheckIn, await CheckedIn(db, caller, Today(caller, clock.GetUtcNow()), cancel),
            [.. most.Tasks.Where(t => t.Value > 0).Select(t => new PointsView.TaskState(t.Key, t.Value, done.Contains(t.Key), had.Contains(t.Key)))],
            history, Credit(balance - (balance % Step)), most.PerYuan, Credit(most.PerYuan), most.RedeemMin, most.CreditDays);
    }

    /// <summary>Once a calendar day of the account's time zone, in one account of a person, and never for a day that lies before one that was had.</summary>
    public async Task<Outcome<long>> CheckIn(Caller caller, CancellationToken cancel = default) => WhyNot(caller) is { } no ? no : await ledger.Run<long>(
        async transaction =>
        {
            await LockOwn(transaction, caller, cancel);
            var today = Today(caller, transaction.Now);
            return options.Value.CheckIn == 0 || await CheckedIn(transaction.Db, caller, today, cancel)
                ? new Refusal("points.checked-in")
                : await Give(transaction, caller, CheckInTask, today, options.Value.CheckIn, cancel);
        },
        cancel);

    /// <summary>The points of a task that was done.</summary>
    public async Task<Outcome<long>> Claim(Caller caller, string task, CancellationToken cancel = default) => WhyNot(caller) is { } no ? no : await ledger.Run<long>(
        async transaction =>
        {
            if (options.Value.Tasks.GetValueOrDefault(task) is not (> 0 and var points))
            {
                return Refusal.NotFound;
            }

            await LockOwn(transaction, caller, cancel);
            if (await transaction.Db.PointsEntries.AnyAsync(e => (e.AccountId == caller.AccountId || e.PersonId == caller.PersonId) && e.Task == task, cancel))
            {
                return new Refusal("points.had");
            }

            return (await PointTasks.Done(transaction.Db, caller.AccountId, Kept(transaction.Now), cancel)).Contains(task)
                ? await Give(transaction, caller, task, "", points, cancel)
                : new Refusal("points.not-done");
        },
        cancel);

    /// <summary>Gives points for credit: both moves or neither.</summary>
    /// <param name="typed">How many, as typed.</param>
    /// <param name="formKey">The form's token: a second click is the same redemption.</param>
    /// <returns>The credit.</returns>
    public async Task<Outcome<Money>> Redeem(Caller caller, string typed, Guid formKey, CancellationToken cancel = default) => WhyNot(caller) is { } no ? no : await ledger.Run<Money>(
        async transaction =>
        {
            if (!Whole(typed).IsDone(out var refusal, out var points))
            {
                return refusal;
            }

            await transaction.Lock(caller.AccountId, cancel);
            if (await transaction.Db.PointsEntries.AsNoTracking().FirstOrDefaultAsync(e => e.Id == formKey, cancel) is { } known)
            {
                return known.AccountId == caller.AccountId && known.Points == -points ? new Money(known.CreditNanos) : new Refusal("idempotency.mismatch");
            }

            var credit = Credit(points);
            var end = DateTimeOffset.FromUnixTimeSeconds(transaction.Now.ToUnixTimeSeconds()).AddDays(options.Value.CreditDays);
            var entry = Add(transaction, caller, formKey, RedeemTask, $"{formKey:N}", -points, credit);
            var moved = await transaction.Apply(
                Moved(entry, [
                    new Leg(new AccountRef(LedgerCodes.Points, Unit.Points), new AccountRef(LedgerCodes.Issued, Unit.Points), points, TransferCodes.Points),
                    new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, entry.Id, end), credit.Nanos, TransferCodes.Points),
                ]),
                cancel);
            if (!moved.IsDone(out var failed))
            {
                return failed.Code.StartsWith("quota.short", StringComparison.Ordinal) ? new Refusal("points.short", failed.Args) : failed;
            }

            transaction.Db.AuditEntries.Add(new AuditEntry
            {
                At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = "points.redeemed", Subject = $"{entry.Id}",
                Detail = $"{points} → {credit.ToTwoDecimals()} → {end:yyyy-MM-dd}",
            });
            return credit;
        },
        cancel);

    /// <summary>The fewest points that are worth whole minor units.</summary>
    private int Step => options.Value.PerYuan / (int)System.Numerics.BigInteger.GreatestCommonDivisor(options.Value.PerYuan, Hundred);

    private Refusal? WhyNot(Caller caller) => caller.ReadOnly ? Refusal.ReadOnly : WhyNotSee(caller);

    private Refusal? WhyNotSee(Caller caller) => Enabled ? caller.WhyNotSee(Right.ManageBilling) : Refusal.NotFound;

    private DateTimeOffset Kept(DateTimeOffset now) => now.AddDays(-options.Value.TopUpKeptDays);

    private Outcome<long> Whole(string typed)
    {
        var text = string.Concat(typed.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));
        return !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var points) || points < options.Value.RedeemMin || points % Step != 0 || points > int.MaxValue
            ? new Refusal("points.amount", $"{options.Value.RedeemMin}", $"{Step}")
            : points;
    }

    private Money Credit(long points) => Money.FromMinorUnits(points * Hundred / options.Value.PerYuan);

    /// <summary>All accounts of the person: a day or a task is had once, whichever account it is collected in.</summary>
    private static async Task LockOwn(LedgerTransaction transaction, Caller caller, CancellationToken cancel)
    {
        var own = await transaction.Db.Memberships.Where(m => m.PersonId == caller.PersonId).Select(m => m.AccountId).ToListAsync(cancel);
        await transaction.Lock([caller.AccountId, .. own], cancel);
    }

    private static async Task<bool> CheckedIn(PortalDb db, Caller caller, string today, CancellationToken cancel) =>
        await db.PointsEntries.Where(e => (e.AccountId == caller.AccountId || e.PersonId == caller.PersonId) && e.Task == CheckInTask).MaxAsync(e => (string?)e.Window, cancel) is { } last && string.CompareOrdinal(last, today) >= 0;

    private static string Today(Caller caller, DateTimeOffset now) => UsageWindows.At(now, LocalDays.Zone(caller.TimeZone), null).Day;

    private static async Task<Outcome<long>> Give(LedgerTransaction transaction, Caller caller, string task, string window, int points, CancellationToken cancel)
    {
        var entry = Add(transaction, caller, Guid.CreateVersion7(transaction.Now), task, window, points, Money.Zero);
        var moved = await transaction.Apply(
            Moved(entry, [new Leg(new AccountRef(LedgerCodes.Issued, Unit.Points), new AccountRef(LedgerCodes.Points, Unit.Points), points, TransferCodes.Points)]), cancel);
        return moved.IsDone(out var refusal) ? points : refusal;
    }

    private static PointsEntry Add(LedgerTransaction transaction, Caller caller, Guid id, string task, string window, long points, Money credit)
    {
        var entry = new PointsEntry
        {
            Id = id, AccountId = caller.AccountId, PersonId = caller.PersonId, Task = task, Window = window, Points = points, CreditNanos = credit.Nanos, At = transaction.Now,
        };
        transaction.Db.PointsEntries.Add(entry);
        return entry;
    }

    private static Move Moved(PointsEntry entry, IReadOnlyList<Leg> legs) => new(entry.AccountId, $"points:{entry.Id:N}", $"{entry.Id:N}", legs);
}
