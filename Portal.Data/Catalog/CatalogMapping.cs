using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Catalog;

internal static class CatalogMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Plan>(e =>
        {
            e.HasIndex(p => new { p.Key, p.Version }).IsUnique();
            Freeze(e, nameof(Plan.RetiredAt));
        });
        builder.Entity<RateCard>(e =>
        {
            e.HasIndex(c => c.Version).IsUnique();
            e.HasIndex(c => c.FileVersion).IsUnique().HasFilter("\"FileVersion\" IS NOT NULL");
            e.Property(c => c.TaxPercent).HasPrecision(5, 2);
            e.HasMany(c => c.Rates).WithOne().HasForeignKey(r => r.RateCardId);
            e.HasMany(c => c.Factors).WithOne().HasForeignKey(f => f.RateCardId);
            e.OwnsMany(c => c.TopUpBonus, s => s.ToJson());
            Freeze(e, nameof(RateCard.WithdrawnAt));
        });
        builder.Entity<Rate>(e =>
        {
            e.HasIndex(r => new { r.RateCardId, r.Model, r.Meter }).IsUnique();
            e.OwnsMany(r => r.Tiers, t => t.ToJson());
            Freeze(e);
        });
        builder.Entity<Factor>(e =>
        {
            e.HasIndex(f => new { f.RateCardId, f.Name }).IsUnique();
            Freeze(e);
        });
        MapEditing(builder);
        MapCoupons(builder);
    }

    /// <summary>What was published never changes: a row that is changed all the same cannot be saved.</summary>
    /// <param name="except">What says whether it still counts.</param>
    private static void Freeze<T>(EntityTypeBuilder<T> entity, params string[] except)
        where T : class
    {
        foreach (var property in entity.Metadata.GetProperties().Where(p => !except.Contains(p.Name) && !p.IsPrimaryKey()))
        {
            property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        }
    }

    private static void MapEditing(ModelBuilder builder)
    {
        builder.Entity<CatalogDraft>(e =>
        {
            e.HasIndex(d => d.Key).IsUnique();
            e.Property(d => d.Key).HasMaxLength(64);
            e.Property(d => d.Content).Metadata.SetMaxLength(-1);
            e.Property(d => d.Revision).IsConcurrencyToken();
        });
        builder.Entity<PlanMove>(e =>
        {
            e.HasIndex(m => m.SubscriptionId).IsUnique().HasFilter("\"ClosedAt\" IS NULL");
            e.HasIndex(m => new { m.ToPlanId, m.ClosedAt });
        });
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
