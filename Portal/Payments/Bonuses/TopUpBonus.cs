using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Payments.Bonuses;

/// <summary>
/// What a top-up is given on top, and what of it goes back with a refund. The bonus is a grant of its own beside the purchased credit and is spent before
/// it. It shares its payment's fate: what stays paid keeps its share of the bonus, the rest is taken back first, and what of a bonus was spent lowers what
/// can be refunded of its payment. So, in any order of top-ups, spending and refunds, nobody has used more than the money that stayed here and the bonus
/// on that money; and of a payment never more goes back than was paid less what was used, at full value.
/// </summary>
public static class TopUpBonus
{
    private const int Percent = 100;

    /// <summary>The slabs of the price list that is in force.</summary>
    public static async Task<IReadOnlyList<TopUpSlab>> Slabs(PortalDb db, DateTimeOffset now, CancellationToken cancel) =>
        (await CatalogReader.CardsAt(db, now).AsNoTracking().FirstOrDefaultAsync(cancel))?.TopUpBonus.OrderBy(s => s.From).ToList() ?? [];

    /// <summary>By the highest slab that the amount reaches, rounded down to whole minor units.</summary>
    public static Money Of(IEnumerable<TopUpSlab> slabs, Money amount)
    {
        var percent = slabs.Where(s => s.From <= amount.Amount).OrderByDescending(s => s.From).FirstOrDefault()?.Percent ?? 0;
        return Money.FromAmount(amount.Amount * percent / Percent).FloorToMinorUnits();
    }

    /// <summary>What of a bonus stays when so much of its payment has gone back; rounded down to nanos.</summary>
    /// <param name="paid">Nanos, above 0.</param>
    /// <param name="refunded">0 to <paramref name="paid"/>.</param>
    public static long Kept(long paid, long bonus, long refunded) => decimal.ToInt64(decimal.Floor((decimal)bonus * (paid - refunded) / paid));

    /// <summary>What a refund takes back of the bonus.</summary>
    /// <param name="refunded">Before this refund.</param>
    /// <param name="taken">Of the bonus, for the refunds before.</param>
    /// <param name="unspent">What is left of the bonus and free.</param>
    /// <returns>What is taken of the bonus itself, and what of the purchased credit because that much of the bonus was spent.</returns>
    public static (long Bonus, long Spent) TakeBack(long paid, long bonus, long refunded, long taken, long unspent, long amount)
    {
        var due = Math.Max(0, bonus - Kept(paid, bonus, refunded + amount) - taken);
        return (Math.Min(due, unspent), due - Math.Min(due, unspent));
    }
}
