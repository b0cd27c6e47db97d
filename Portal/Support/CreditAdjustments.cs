using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>
/// Credit that the staff give with an end, or take back of what was given; never of what a customer paid in. Whoever does it has a limit by role, for
/// one and for all of a month together, and does not do it to an account of their own.
/// </summary>
public sealed class CreditAdjustments(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, IOptions<AdjustmentOptions> options, TimeProvider time)
{
    /// <summary>The code of transfers that grant.</summary>
    public const string GrantCode = "goodwill";

    /// <summary>The code of transfers that take back.</summary>
    public const string TakeCode = "goodwill.taken";

    private const string TakenAction = "credit.taken";

    public const int DaysMin = 1;
    public const int DaysMax = 3 * 365;

    /// <returns>What whoever asks may still do: at once, and this month.</returns>
    public async Task<Outcome<AdjustmentLimits>> Limits(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var month = AdjustmentCount.MonthOf(time.GetUtcNow());
        var used = await db.AdjustmentMonths.Where(m => m.PersonId == caller.PersonId && m.Month == month).SumAsync(m => m.UsedNanos, cancel);
        var (once, all) = options.Value.Of(caller);
        var left = all - new Money(used);
        return new AdjustmentLimits(left < once ? left : once, left);
    }

    /// <param name="amount">More than 0, whole minor units.</param>
    /// <param name="days">From now until the credit expires; of what is taken back without a meaning.</param>
    /// <param name="formKey">The form's token: sent twice, it is done once.</param>
    public async Task<Outcome<Done>> Adjust(
        Caller caller, Guid accountId, bool take, Money amount, int days, string reason, Guid formKey, CancellationToken cancel = default) => caller.WhyNot(Right.Serve) is { } no ? no : await ledger.Run<Done>(
        async transaction =>
        {
            var db = transaction.Db;
            var (once, _) = options.Value.Of(caller);
            reason = PlainText.Of(reason);
            if (Unfit(take, amount, days, reason, once) is { } unfit)
            {
                return unfit;
            }

            if (await transaction.Lock(accountId, cancel) is not { } book)
            {
                return Refusal.NotFound;
            }

            if (await OwnAccounts.IsOwn(db, caller.PersonId, accountId, cancel))
            {
                return new Refusal("adjust.own");
            }

            if (take && await db.AuditEntries.FirstOrDefaultAsync(e => e.AccountId == accountId && e.Action == TakenAction && e.Subject == formKey.ToString(), cancel) is { } known)
            {
                return known.Detail == amount.ToTwoDecimals() ? default(Done) : new Refusal("idempotency.mismatch");
            }

            var given = await Given(db, book, transaction.Now, cancel);
            var before = new Money(given.Sum(a => a.Balance - a.Held));
            if (take && before < amount)
            {
                return new Refusal("adjust.short", before.FloorToMinorUnits().ToTwoDecimals());
            }

            // A second click comes later: the end must not follow the clock within the day, or it would be another command.
            var end = new DateTimeOffset(transaction.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(days + 1);
            var (key, reference, granted) = ($"{GrantCode}:{formKey:N}", $"by:{caller.PersonId:N}", new AccountRef(LedgerCodes.CreditGranted, Unit.Money, formKey, end));
            var issued = new AccountRef(LedgerCodes.Issued, Unit.Money);
            var outcome = await transaction.Apply(
                new Move(accountId, key, reference, take ? Taken(given, amount.Nanos, issued) : [new Leg(issued, granted, amount.Nanos, GrantCode)]), cancel);
            if (!outcome.IsDone(out var refusal, out var result))
            {
                return refusal;
            }

            if (result.Replayed)
            {
                return default(Done);
            }

            var after = take ? before - amount : before + amount;
            db.AuditEntries.Add(new AuditEntry
            {
                At = transaction.Now, PersonId = caller.PersonId, AccountId = accountId, Action = take ? TakenAction : "credit.granted", Subject = $"{formKey}",
                Detail = take ? amount.ToTwoDecimals() : $"{amount.ToTwoDecimals()} → {end:yyyy-MM-dd}",
                Before = before.ToTwoDecimals(), After = after.ToTwoDecimals(), Reason = reason,
            });
            return await AdjustmentCount.Add(transaction, options.Value, caller, amount, cancel);
        },
        cancel);

    /// <summary>What was given here and has not expired: a bonus, a trial and what came of a coupon or of points is not the staff's to take.</summary>
    private static async Task<List<LedgerAccount>> Given(PortalDb db, WalletBook book, DateTimeOffset now, CancellationToken cancel)
    {
        var ids = await db.Transfers.Where(t => t.WalletId == book.WalletId && t.Code != TransferCodes.Prompt && t.Code == GrantCode).Select(t => t.CreditId).ToListAsync(cancel);
        return [.. book.Accounts.Where(a => ids.Contains(a.Id) && a.Code == LedgerCodes.CreditGranted && (a.ExpiresAt is null || a.ExpiresAt > now) && a.Balance > a.Held)];
    }

    /// <summary>What expires soonest goes first.</summary>
    private static List<Leg> Taken(List<LedgerAccount> given, long amount, AccountRef to)
    {
        var legs = new List<Leg>();
        foreach (var account in given.OrderBy(a => a.ExpiresAt).ThenBy(a => a.Id))
        {
            if (Math.Min(amount, account.Balance - account.Held) is > 0 and var part)
            {
                legs.Add(new Leg(new AccountRef(account.Code, account.Unit, account.SubjectId, account.ExpiresAt), to, part, TakeCode));
                amount -= part;
            }
        }

        return legs;
    }

    private static Refusal? Unfit(bool take, Money amount, int days, string reason, Money once) =>
        amount <= Money.Zero || amount > once || Money.FromMinorUnits(amount.ToMinorUnits()) != amount ? new Refusal("goodwill.amount", once.ToTwoDecimals())
        : !take && days is < DaysMin or > DaysMax ? new Refusal("goodwill.days", $"{DaysMin}", $"{DaysMax}")
        : Reason.WhyNot(reason);
}
