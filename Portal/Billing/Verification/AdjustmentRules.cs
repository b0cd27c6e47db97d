using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Rows;
using Portal.Data;

namespace Portal.Billing.Verification;

/// <summary>What each of the staff has given, taken and given back in a month is what was counted towards their limit.</summary>
internal static class AdjustmentRules
{
    private const string By = "by:";

    /// <param name="adjustments">All there ever were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> adjustments, CancellationToken cancel)
    {
        var moved = adjustments.Where(t => t.Reference is { } by && by.StartsWith(By, StringComparison.Ordinal) && Guid.TryParse(by[By.Length..], out _))
            .GroupBy(t => (Guid.Parse(t.Reference![By.Length..]), (t.At.UtcDateTime.Year * 100) + t.At.UtcDateTime.Month)).ToDictionary(g => g.Key, g => g.Sum(t => (decimal)t.Amount));
        foreach (var given in await db.UsageReturns.Where(r => r.Nanos != 0).Select(r => new { r.PersonId, r.At, r.Nanos }).ToListAsync(cancel))
        {
            var key = (given.PersonId, (given.At.UtcDateTime.Year * 100) + given.At.UtcDateTime.Month);
            moved[key] = moved.GetValueOrDefault(key) + given.Nanos;
        }

        var findings = new List<Finding>();
        foreach (var month in await db.AdjustmentMonths.ToListAsync(cancel))
        {
            _ = moved.Remove((month.PersonId, month.Month), out var sum);
            if (sum != month.UsedNanos)
            {
                findings.Add(new Finding("adjust.month", $"AdjustmentMonths {month.PersonId} {month.Month}", $"says {month.UsedNanos} nanos, {sum} were given and taken"));
            }
        }

        return [.. findings, .. moved.Select(m => new Finding("adjust.month", $"AdjustmentMonths {m.Key.Item1} {m.Key.Item2}", $"{m.Value} nanos were given and taken and not counted"))];
    }
}
