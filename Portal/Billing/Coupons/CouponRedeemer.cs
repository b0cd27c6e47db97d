using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Support;

namespace Portal.Billing.Coupons;

/// <summary>Redeems codes. A redemption, its credit and the coupon's count are one transaction.</summary>
public sealed class CouponRedeemer(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>The code of the transfers that grant credit.</summary>
    public const string Code = "coupon";

    /// <summary>Codes that do not exist which a person may type within <see cref="GuessWindow"/>: who goes on is guessing.</summary>
    public const int GuessesMax = 10;

    public static readonly TimeSpan GuessWindow = TimeSpan.FromHours(1);

    private const string Guess = "coupon.guessed";

    /// <param name="formKey">The form's token: sent twice, the code is redeemed once.</param>
    public async Task<Outcome<RedeemedCoupon>> Redeem(Caller caller, string? typed, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        if (string.IsNullOrWhiteSpace(typed))
        {
            return new Refusal("coupon.empty");
        }

        if (CouponCode.Read(typed) is not { } code)
        {
            return new Refusal("coupon.unknown");
        }

        // A refusal rolls back what was counted for it; only a guess is remembered, by an inner refusal that commits.
        var done = await ledger.Run<Outcome<RedeemedCoupon>>(async transaction =>
        {
            if (await transaction.Lock(caller.AccountId, cancel) is null)
            {
                return Refusal.NotFound;
            }

            var db = transaction.Db;
            if (await db.CouponRedemptions.Include(r => r.Coupon).FirstOrDefaultAsync(r => r.Id == formKey, cancel) is { } earlier)
            {
                return earlier.AccountId == caller.AccountId && earlier.Coupon.Code == code
                    ? await View(db, earlier, transaction.Now, cancel)
                    : new Refusal("idempotency.mismatch");
            }

            if (await Guesses(db, caller.PersonId, transaction.Now, cancel) >= GuessesMax)
            {
                return new Refusal("coupon.guesses");
            }

            if (await db.Coupons.FirstOrDefaultAsync(c => c.Code == code, cancel) is not { } coupon)
            {
                Audit(transaction, caller, Guess, "", "");
                return (Outcome<RedeemedCoupon>)new Refusal("coupon.unknown");
            }

            var redeemed = await Redeem(transaction, caller, coupon, formKey, cancel);
            return redeemed.IsDone(out var refusal, out var redemption) ? await View(db, redemption, transaction.Now, cancel) : refusal;
        }, cancel);
        return done.IsDone(out var failed, out var outcome) ? outcome : failed;
    }

    /// <summary>What the account has of its coupons now, what ends soonest first.</summary>
    public async Task<Outcome<IReadOnlyList<RedeemedCoupon>>> Active(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var rows = await db.CouponRedemptions.AsNoTracking().Include(r => r.Coupon).Where(r => r.AccountId == caller.AccountId && r.Until > now)
            .OrderBy(r => r.Until).ToListAsync(cancel);
        return await Views(db, rows, now, cancel);
    }

    private static async Task<Outcome<CouponRedemption>> Redeem(LedgerTransaction transaction, Caller caller, Coupon coupon, Guid formKey, CancellationToken cancel)
    {
        var (db, now) = (transaction.Db, transaction.Now);
        if (WhyNot(coupon, caller, now) is { } closed)
        {
            return closed;
        }

        // The update locks the coupon's row until the commit: whoever redeems it in this moment waits here, and sees the limits as they then are.
        var open = db.Coupons.Where(c => c.Id == coupon.Id && c.EndedAt == null && (c.LimitTotal == null || c.Redeemed < c.LimitTotal));
        if (await open.ExecuteUpdateAsync(set => set.SetProperty(c => c.Redeemed, c => c.Redeemed + 1), cancel) == 0)
        {
            return new Refusal("coupon.used-up");
        }

        var own = await db.CouponRedemptions.Where(r => r.CouponId == coupon.Id && (r.AccountId == caller.AccountId || r.PersonId == caller.PersonId)).ToListAsync(cancel);
        var ofAccount = own.Where(r => r.AccountId == caller.AccountId).ToList();
        if (Math.Max(ofAccount.Count, own.Count(r => r.PersonId == caller.PersonId)) >= coupon.LimitEach)
        {
            return new Refusal("coupon.redeemed");
        }

        // A discount does not multiply with itself: the second of a kind begins when the first ends.
        var second = BillingPeriods.WholeSecond(now);
        var from = coupon.Kind == CouponKind.Percent ? ofAccount.Select(r => r.Until).Append(second).Max() : second;
        var redemption = new CouponRedemption
        {
            Id = formKey, CouponId = coupon.Id, AccountId = caller.AccountId, PersonId = caller.PersonId, Number = ofAccount.Count + 1, At = now,
            From = from, Until = from.AddDays(coupon.Days), Coupon = coupon,
        };
        db.CouponRedemptions.Add(redemption);
        if (coupon.Kind == CouponKind.Credit && !(await transaction.Apply(Grant(redemption), cancel)).IsDone(out var refusal))
        {
            return refusal;
        }

        Audit(transaction, caller, "coupon.redeemed", $"{coupon.Id}", coupon.Code);
        await db.SaveChangesAsync(cancel);
        return redemption;
    }

    private static Move Grant(CouponRedemption redemption)
    {
        var credit = new AccountRef(LedgerCodes.CreditGranted, Unit.Money, redemption.Id, redemption.Until);
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), credit, redemption.Coupon.AmountNanos, Code);
        return new Move(redemption.AccountId, $"{Code}:{redemption.Id:N}", $"{redemption.Id:N}", [leg]);
    }

    private static Refusal? WhyNot(Coupon coupon, Caller caller, DateTimeOffset now) =>
        coupon.EndedAt is not null || coupon.ValidUntil <= now ? new Refusal("coupon.over")
        : coupon.ValidFrom > now ? new Refusal("coupon.not-yet", Day(coupon.ValidFrom, caller))
        : null;

    private static string Day(DateTimeOffset at, Caller caller) =>
        LocalDays.DayOf(at, LocalDays.Zone(caller.TimeZone)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<int> Guesses(PortalDb db, Guid personId, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - GuessWindow;
        return db.AuditEntries.CountAsync(a => a.PersonId == personId && a.At > since && a.Action == Guess, cancel);
    }

    private static void Audit(LedgerTransaction transaction, Caller caller, string action, string subject, string detail) => transaction.Db.AuditEntries.Add(new AuditEntry
    {
        At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = subject, Detail = detail,
    });

    private static async Task<Outcome<Outcome<RedeemedCoupon>>> View(PortalDb db, CouponRedemption redemption, DateTimeOffset now, CancellationToken cancel) =>
        (Outcome<RedeemedCoupon>)(await Views(db, [redemption], now, cancel))[0];

    private static async Task<List<RedeemedCoupon>> Views(PortalDb db, List<CouponRedemption> redemptions, DateTimeOffset now, CancellationToken cancel)
    {
        if (redemptions.Count == 0)
        {
            return [];
        }

        var account = redemptions[0].AccountId;
        var grants = await db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == account && a.Code == LedgerCodes.CreditGranted && a.SubjectId != null)
            .ToDictionaryAsync(a => (a.SubjectId!.Value, a.ExpiresAt), a => a.Balance - a.Held, cancel);
        var applied = (await AccountDiscounts.FactorsAt(db, account, now, cancel)).Select(f => CouponFactors.CodeOf(f.Name)).ToHashSet();
        return redemptions.ConvertAll(r =>
        {
            var left = grants.GetValueOrDefault((r.Id, (DateTimeOffset?)r.Until));
            var state = r.Coupon.Kind == CouponKind.Credit ? left > 0 ? RedeemedCouponState.Active : RedeemedCouponState.Spent
                : r.From > now ? RedeemedCouponState.Waiting
                : applied.Contains(r.Coupon.Code) ? RedeemedCouponState.Active : RedeemedCouponState.Beaten;
            return new RedeemedCoupon(
                r.Id, r.Coupon.Code, r.Coupon.Kind, new Money(r.Coupon.AmountNanos), new Money(left), r.Coupon.PercentOff, r.Coupon.Exclusive, r.From, r.Until, state);
        });
    }
}
