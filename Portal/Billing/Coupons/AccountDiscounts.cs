using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Coupons;

/// <summary>The factors that accounts' redeemed coupons give to their prices: those of prompts and those of plans.</summary>
public sealed class AccountDiscounts
{
    private readonly ILookup<Guid, Redeemed> redeemed;

    private AccountDiscounts(ILookup<Guid, Redeemed> redeemed)
    {
        this.redeemed = redeemed;
    }

    /// <summary>Of several accounts at once.</summary>
    public static async Task<AccountDiscounts> Read(PortalDb db, IReadOnlyCollection<Guid> accountIds, CancellationToken cancel)
    {
        var rows = await db.CouponRedemptions.AsNoTracking().Where(r => accountIds.Contains(r.AccountId) && r.Coupon.Kind == CouponKind.Percent)
            .Select(r => new Redeemed(r.AccountId, r.From, r.Until, r.Coupon.Code, r.Coupon.PercentOff, r.Coupon.Exclusive)).ToListAsync(cancel);
        return new AccountDiscounts(rows.ToLookup(r => r.AccountId));
    }

    public static async Task<IReadOnlyList<NamedFactor>> FactorsAt(PortalDb db, Guid accountId, DateTimeOffset at, CancellationToken cancel) =>
        (await Read(db, [accountId], cancel)).FactorsAt(accountId, at);

    public IReadOnlyList<NamedFactor> FactorsAt(Guid accountId, DateTimeOffset at) =>
        CouponFactors.Choose(redeemed[accountId].Where(r => r.From <= at && r.Until > at).Select(r => new Discount(r.Code, r.PercentOff, r.Exclusive)));

    private sealed record Redeemed(Guid AccountId, DateTimeOffset From, DateTimeOffset Until, string Code, int PercentOff, bool Exclusive);
}
