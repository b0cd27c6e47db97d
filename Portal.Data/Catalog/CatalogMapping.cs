using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Catalog;

internal static class CatalogMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Plan>(e => e.HasIndex(p => new { p.Key, p.Version }).IsUnique());
        builder.Entity<RateCard>(e =>
        {
            e.HasIndex(c => c.Version).IsUnique();
            e.Property(c => c.TaxPercent).HasPrecision(5, 2);
            e.HasMany(c => c.Rates).WithOne().HasForeignKey(r => r.RateCardId);
            e.HasMany(c => c.Factors).WithOne().HasForeignKey(f => f.RateCardId);
            e.OwnsMany(c => c.TopUpBonus, s => s.ToJson());
        });
        builder.Entity<Rate>(e =>
        {
            e.HasIndex(r => new { r.RateCardId, r.Model, r.Meter }).IsUnique();
            e.OwnsMany(r => r.Tiers, t => t.ToJson());
        });
        builder.Entity<Factor>(e => e.HasIndex(f => new { f.RateCardId, f.Name }).IsUnique());
        MapCoupons(builder);
    }

    private static void MapCoupons(ModelBuilder builder)
    {
        builder.Entity<Coupon>(e =>
        {
            e.HasIndex(c => c.Code).IsUnique();
            e.Property(c => c.Code).HasMaxLength(40);
        });
        builder.Entity<CouponRedemption>(e =>
        {
            e.HasIndex(r => new { r.CouponId, r.AccountId, r.Number }).IsUnique();
            e.HasIndex(r => new { r.CouponId, r.PersonId });
            e.HasIndex(r => new { r.AccountId, r.Until });
            e.HasOne(r => r.Coupon).WithMany().HasForeignKey(r => r.CouponId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
