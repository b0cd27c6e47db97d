using Portal.Billing.Coupons;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Tests.Billing.Coupons;

/// <summary>Coupons in a <see cref="BillingScene"/>: an administrator who makes them, and people who redeem.</summary>
internal sealed class CouponScene : IAsyncDisposable
{
    private CouponScene(BillingScene billing)
    {
        Billing = billing;
        Desk = new CouponDesk(billing.Databases, billing.Time);
        Redeemer = new CouponRedeemer(billing.Databases, billing.Ledger, billing.Time);
    }

    public BillingScene Billing { get; }

    public CouponDesk Desk { get; }

    public CouponRedeemer Redeemer { get; }

    public Caller Administrator { get; private set; } = null!;

    public DateOnly Today => DateOnly.FromDateTime(Billing.Time.GetUtcNow().AddHours(8).Date);

    public static async Task<CouponScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var scene = new CouponScene(await BillingScene.CreateAsync(provider));
        scene.Administrator = await scene.Billing.OpenAccountAsync() with { IsAdministrator = true };
        return scene;
    }

    /// <summary>The usual coupon: ten yuan for thirty days, once a person, from today on.</summary>
    public NewCoupon Credit(string code, decimal yuan = 10) =>
        new(Guid.NewGuid(), code, CouponKind.Credit, Money.FromAmount(yuan), 0, 30, false, 1, null, Today, null);

    public NewCoupon Percent(string code, int percent, bool exclusive = false) => Credit(code) with { Kind = CouponKind.Percent, PercentOff = percent, Exclusive = exclusive };

    public async Task MakeAsync(params NewCoupon[] coupons)
    {
        foreach (var coupon in coupons) Assert.Null((await Desk.Make(Administrator, coupon)).Refusal);
    }

    public Task<Outcome<RedeemedCoupon>> RedeemAsync(Caller caller, string code, Guid? formKey = null) => Redeemer.Redeem(caller, code, formKey ?? Guid.NewGuid());

    public async ValueTask DisposeAsync()
    {
        await Billing.AssertBooksAsync();
        await Billing.DisposeAsync();
    }
}
