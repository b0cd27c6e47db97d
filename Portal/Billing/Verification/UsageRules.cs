using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification;

/// <summary>The rollup is the sum of the usage records, and each of these is what its hold's transfers took.</summary>
internal static class UsageRules
{
    // Instants are stored as microseconds; one statement that finds an hour which either side lacks needs set arithmetic
    // that LINQ has no words for. Integer division and these casts mean the same on all three engines.
    private const string Differences = """
        SELECT d.* FROM (
            SELECT u."AccountId", u."HourMicros", u."MembershipId", u."Model",
                CAST(SUM(u."Requests") AS bigint) AS "Requests", CAST(SUM(u."InputTokens") AS bigint) AS "InputTokens",
                CAST(SUM(u."OutputTokens") AS bigint) AS "OutputTokens", CAST(SUM(u."Images") AS bigint) AS "Images",
                CAST(SUM(u."CoveredUnits") AS bigint) AS "CoveredUnits", CAST(SUM(u."ChargedNanos") AS bigint) AS "ChargedNanos"
            FROM (
                SELECT "AccountId", "Hour" AS "HourMicros", "MembershipId", "Model", "Requests", "InputTokens", "OutputTokens", "Images", "CoveredUnits", "ChargedNanos"
                FROM "UsageHours"
                UNION ALL
                SELECT "AccountId", "At" / 3600000000 * 3600000000, "MembershipId", "Model", -1, -"InputTokens", -"OutputTokens", -"Images", -"CoveredUnits", -"ChargedNanos"
                FROM "UsageRecords"
            ) u
            GROUP BY u."AccountId", u."HourMicros", u."MembershipId", u."Model"
        ) d
        WHERE d."Requests" <> 0 OR d."InputTokens" <> 0 OR d."OutputTokens" <> 0 OR d."Images" <> 0 OR d."CoveredUnits" <> 0 OR d."ChargedNanos" <> 0
        """;

    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await Rollup(db, cancel), .. await Charges(db, cancel), .. await Missing(db, cancel)];

    private static async Task<IEnumerable<Finding>> Rollup(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Database.SqlQueryRaw<RollupDifference>(Differences).ToListAsync(cancel);
        return wrong.OrderBy(d => d.HourMicros).Select(d => new Finding(
            "usage.rollup",
            $"UsageHours {d.AccountId} {DateTimeOffset.UnixEpoch.AddMicroseconds(d.HourMicros):u} {d.MembershipId} {d.Model}",
            $"differs from its usage records by {d.Requests} requests, {d.InputTokens} + {d.OutputTokens} tokens, {d.Images} images, {d.CoveredUnits} covered, {d.ChargedNanos} nanos"));
    }

    private static async Task<IEnumerable<Finding>> Charges(PortalDb db, CancellationToken cancel)
    {
        var sums = await db.Transfers.Where(t => t.HoldId != null && (t.Kind == TransferKind.Post || t.Kind == TransferKind.Immediate))
            .GroupBy(t => new { t.HoldId, t.Debit.Unit }).Select(g => new { g.Key.HoldId, g.Key.Unit, Sum = g.Sum(t => t.Amount) }).ToListAsync(cancel);
        var taken = sums.ToDictionary(s => (s.HoldId!.Value, s.Unit), s => s.Sum);
        var records = db.UsageRecords.Select(u => new
        {
            u.Id, u.At, u.Unit, u.ChargedNanos, u.CoveredUnits,
            Posted = db.Holds.Any(h => h.Id == u.Id && h.WalletId == u.AccountId && h.State == HoldState.Posted && h.Quote != null),
        });
        var findings = new List<(DateTimeOffset At, Finding Finding)>();
        await foreach (var u in records.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var (money, units) = (taken.GetValueOrDefault((u.Id, Unit.Money)), taken.GetValueOrDefault((u.Id, u.Unit)));
            if (!u.Posted || u.ChargedNanos != money || u.CoveredUnits != units)
            {
                findings.Add((u.At, new Finding("usage.charge", $"UsageRecords {u.Id}", u.Posted
                    ? $"it says {u.ChargedNanos} nanos and {u.CoveredUnits} covered units, its transfers say {money} and {units}"
                    : "no posted prompt has its id")));
            }
        }

        return findings.OrderBy(f => f.At).Select(f => f.Finding);
    }

    private static async Task<IEnumerable<Finding>> Missing(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Holds.Where(h => h.State == HoldState.Posted && h.Quote != null && !db.UsageRecords.Any(u => u.Id == h.Id))
            .OrderBy(h => h.CreatedAt).Select(h => h.Id).ToListAsync(cancel);
        return wrong.Select(id => new Finding("usage.missing", $"Holds {id}", "a prompt was charged and has no usage record"));
    }
}
