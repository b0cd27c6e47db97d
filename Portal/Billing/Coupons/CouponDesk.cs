using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Data.Support;

namespace Portal.Billing.Coupons;

/// <summary>Where administrators make coupons, see how often they were redeemed, and end them. Terms never change: who redeemed keeps what was promised.</summary>
public sealed class CouponDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int PercentMax = 99;
    public const int DaysMax = 3 * 365;
    public const int LimitMax = 1_000_000;

    /// <summary>More is a contract, not a coupon.</summary>
    public static readonly Money AmountMax = Money.FromAmount(10_000);

    /// <summary>Before or after now. Whoever wants no end leaves the last day empty.</summary>
    public const int YearsMost = 10;

    private const int RowsMost = 500;

    /// <summary>Newest first.</summary>
    public async Task<Outcome<IReadOnlyList<CouponView>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var rows = await db.Coupons.AsNoTracking().OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Code).Take(RowsMost)
            .Select(c => new { Coupon = c, MadeBy = db.Users.Where(p => p.Id == c.CreatedBy).Select(p => p.Email).FirstOrDefault() }).ToListAsync(cancel);
        return rows.ConvertAll(r => new CouponView(r.Coupon, r.MadeBy ?? "", StateOf(r.Coupon, now)));
    }

    public async Task<Outcome<Done>> Make(Caller caller, NewCoupon terms, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        if (CouponCode.Read(terms.Code) is not { } code)
        {
            return new Refusal("coupon.code", $"{CouponCode.LengthMin}", $"{CouponCode.LengthMax}");
        }

        if (WhyNot(terms) is { } wrong)
        {
            return wrong;
        }

        var now = clock.GetUtcNow();
        if (IsFar(terms.FirstDay, now) || (terms.LastDay is { } last && IsFar(last, now)))
        {
            return new Refusal("coupon.days-far", $"{YearsMost}");
        }

        await using var db = databases.CreateDbContext();
        var coupon = ToRow(terms, code, caller, now);
        if (coupon.ValidUntil <= coupon.CreatedAt)
        {
            return new Refusal("coupon.days-passed");
        }

        db.Coupons.Add(coupon);
        Audit(db, caller, "coupon.made", coupon);
        try
        {
            await db.SaveChangesAsync(cancel);
            return default(Done);
        }
        catch (DbUpdateException)
        {
            // The other click of a double click was first, or the code is taken; anything else is a failure.
            await using var again = databases.CreateDbContext();
            if (await again.Coupons.AsNoTracking().FirstOrDefaultAsync(c => c.Code == code, cancel) is not { } first)
            {
                throw;
            }

            return first.Id == terms.Id ? default(Done) : new Refusal("coupon.code-taken", code);
        }
    }

    /// <summary>Nobody redeems it from now on; who has, keeps the credit or the discount. Ending it again changes nothing.</summary>
    public async Task<Outcome<Done>> End(Caller caller, Guid couponId, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.Coupons.AsNoTracking().FirstOrDefaultAsync(c => c.Id == couponId, cancel) is not { } coupon)
        {
            return Refusal.NotFound;
        }

        // Only this column: those who redeem it count in the same row.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        if (await db.Coupons.Where(c => c.Id == couponId && c.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancel) == 1)
        {
            Audit(db, caller, "coupon.ended", coupon);
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    private static Refusal? WhyNot(NewCoupon terms)
    {
        var amount = terms.Amount;
        return terms switch
        {
            { Kind: CouponKind.Credit } when amount <= Money.Zero || amount > AmountMax || amount.FloorToMinorUnits() != amount => new Refusal("coupon.amount", AmountMax.ToTwoDecimals()),
            { Kind: CouponKind.Percent, PercentOff: < 1 or > PercentMax } => new Refusal("coupon.percent", $"{PercentMax}"),
            { Days: < 1 or > DaysMax } => new Refusal("coupon.lasts", $"{DaysMax}"),
            { LimitEach: < 1 or > LimitMax } or { LimitTotal: < 1 or > LimitMax } => new Refusal("coupon.limits", $"{LimitMax}"),
            _ when terms.LastDay < terms.FirstDay => new Refusal("coupon.days-turned"),
            _ => null,
        };
    }

    private static Coupon ToRow(NewCoupon terms, string code, Caller caller, DateTimeOffset now)
    {
        var zone = LocalDays.Zone(caller.TimeZone);
        return new Coupon
        {
            Id = terms.Id,
            Code = code,
            Kind = terms.Kind,
            AmountNanos = terms.Kind == CouponKind.Credit ? terms.Amount.Nanos : 0,
            PercentOff = terms.Kind == CouponKind.Percent ? terms.PercentOff : 0,
            Days = terms.Days,
            Exclusive = terms.Kind == CouponKind.Percent && terms.Exclusive,
            LimitEach = terms.LimitEach,
            LimitTotal = terms.LimitTotal,
            ValidFrom = LocalDays.StartOf(terms.FirstDay, zone),
            ValidUntil = terms.LastDay is { } last ? LocalDays.StartOf(last.AddDays(1), zone) : null,
            CreatedAt = now,
            CreatedBy = caller.PersonId,
        };
    }

    private static bool IsFar(DateOnly day, DateTimeOffset now) => Math.Abs(day.Year - now.Year) > YearsMost;

    private static CouponState StateOf(Coupon coupon, DateTimeOffset now) =>
        coupon.EndedAt is not null || coupon.ValidUntil <= now ? CouponState.Over
        : coupon.Redeemed >= coupon.LimitTotal ? CouponState.UsedUp
        : coupon.ValidFrom > now ? CouponState.Waiting
        : CouponState.Open;

    private void Audit(PortalDb db, Caller caller, string action, Coupon coupon) => db.AuditEntries.Add(new AuditEntry
    {
        At = clock.GetUtcNow(), PersonId = caller.PersonId, Action = action, Subject = $"{coupon.Id}",
        Detail = coupon.Kind == CouponKind.Credit
            ? $"{coupon.Code}: {new Money(coupon.AmountNanos).ToTwoDecimals()} for {coupon.Days} days"
            : $"{coupon.Code}: {coupon.PercentOff} % for {coupon.Days} days",
    });
}
