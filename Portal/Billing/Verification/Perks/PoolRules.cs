using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Perks;

/// <summary>The shares of a pool make up its cost, and the invoices of a period what its members paid together; that each was charged the invoices prove.</summary>
internal static class PoolRules
{
    private const decimal Whole = 100;

    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel)
    {
        var shares = await db.ComputePools.Select(p => new { p.Id, Sum = p.Members.Sum(m => m.SharePercent), Silent = p.PeriodStart != null && p.Members.Any(m => m.AcceptedAt == null) })
            .Where(p => p.Sum != Whole || p.Silent).ToListAsync(cancel);
        var findings = shares.Select(p => new Finding("pool.shares", $"ComputePools {p.Id}", $"its shares add up to {p.Sum}, or it was charged without everybody's consent")).ToList();
        var astray = await db.ComputePools.Where(p => p.PeriodStart != null && !db.ComputePoolPeriods.Any(q => q.PoolId == p.Id && q.Start == p.PeriodStart && q.End == p.PeriodEnd))
            .Select(p => new { p.Id, p.PeriodStart, p.PeriodEnd }).ToListAsync(cancel);
        findings.AddRange(astray.Select(p => new Finding("pool.running", $"ComputePools {p.Id}", $"runs from {p.PeriodStart:u} to {p.PeriodEnd:u}, which nobody paid for")));
        var periods = await db.ComputePoolPeriods.OrderBy(p => p.PoolId).ThenBy(p => p.Start).ToListAsync(cancel);
        ComputePoolPeriod? before = null;
        foreach (var period in periods)
        {
            var prefix = $"{period.PoolId:N}:{period.Start.ToUnixTimeSeconds()}:";
            var invoiced = await db.Invoices.Where(i => i.Kind == InvoiceKind.Plan && i.Reference.StartsWith(prefix)).SumAsync(i => i.TotalNanos, cancel);
            var overlaps = before?.PoolId == period.PoolId && period.Start < before.End;
            if (invoiced != period.FeeNanos || period.End <= period.Start || overlaps)
            {
                findings.Add(new Finding("pool.period", $"ComputePoolPeriods {period.PoolId} {period.Start:u}", $"cost {period.FeeNanos} nanos, its invoices {invoiced}; or it is empty or overlaps an earlier one"));
            }

            before = period;
        }

        return findings;
    }
}
