using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>
/// The sizes that an account's pictures have, by the newest of them. A quota counts standard images and the rollup with it, but money pays for pixels
/// and steps: a month's standard images are priced as pictures of these sizes.
/// </summary>
/// <param name="Sizes">One picture of each, and how many standard images of the sample were of it; never empty.</param>
internal sealed record PictureMix(IReadOnlyList<(MeteredUsage Picture, long Units)> Sizes)
{
    public const int Sample = 200;

    /// <summary>Standard pictures and nothing else.</summary>
    public static PictureMix Standard(long pixels, int steps) => new([(MeteredUsage.Picture(1, checked((int)pixels), 1, steps), 1)]);

    /// <param name="months">Looked at from the end, as far back as the sample reaches.</param>
    public static async Task<PictureMix?> Read(PortalDb db, Guid accountId, IEnumerable<UsageMonth> months, CancellationToken cancel)
    {
        var (found, since) = (0L, (DateTimeOffset?)null);
        foreach (var slice in months.SelectMany(m => m.Slices).Where(s => s.Images > 0).OrderByDescending(s => s.Hour))
        {
            (found, since) = (found + slice.Images, slice.Hour);
            if (found >= Sample)
            {
                break;
            }
        }

        if (since is not { } from)
        {
            return null;
        }

        var receipts = await db.UsageRecords.AsNoTracking().Where(u => u.AccountId == accountId && u.At >= from && u.Unit == Unit.Images && u.Images > 0)
            .OrderByDescending(u => u.At).Take(Sample).Select(u => new { u.Receipt, u.Images }).ToListAsync(cancel);
        var sizes = receipts.Select(r => (Usage: LedgerJson.ReadReceipt(r.Receipt).Usage, r.Images)).GroupBy(r => r.Usage with { Images = 1 })
            .Select(g => (g.Key, g.Sum(r => r.Images))).OrderByDescending(s => s.Item2).ToList();
        return sizes.Count == 0 ? null : new PictureMix(sizes);
    }

    /// <summary>So many standard images as pictures of these sizes; the most frequent size takes what rounding leaves.</summary>
    public IEnumerable<MeteredUsage> Split(long units, PriceTerms terms)
    {
        var all = Sizes.Sum(s => s.Units);
        var left = units;
        for (var i = Sizes.Count - 1; i >= 0; i--)
        {
            var share = i == 0 ? left : Math.Min(left, decimal.ToInt64(decimal.Floor((decimal)units * Sizes[i].Units / all)));
            left -= share;
            var each = Math.Max(1, Sizes[i].Picture.QuotaUnits(terms));
            var pictures = (share + (each / 2)) / each;
            if (pictures > 0)
            {
                yield return Sizes[i].Picture with { Images = pictures };
            }
        }
    }
}
