using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Billing.Verification;

/// <summary>The rollup is the sum of the usage records, and what money paid for is what the month's tiers counted.</summary>
internal sealed class UsageRules
{
    private readonly Dictionary<HourKey, UsageHour> hours = [];
    private readonly Dictionary<(Guid Wallet, Unit Unit), Int128> paid = [];

    public long Count { get; private set; }

    public void Add(in UsageRow u)
    {
        Count++;
        var key = new HourKey(u.AccountId, u.At.Ticks / TimeSpan.TicksPerHour, u.MembershipId, u.Model);
        if (!hours.TryGetValue(key, out var hour))
        {
            hours.Add(key, hour = new UsageHour { Model = u.Model });
        }

        unchecked
        {
            hour.Requests++;
            hour.InputTokens += u.InputTokens;
            hour.OutputTokens += u.OutputTokens;
            hour.Images += u.Images;
            hour.CoveredUnits += u.CoveredUnits;
            hour.ChargedNanos += u.ChargedNanos;
        }

        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(paid, (u.AccountId, u.Unit), out _) +=
            (u.Unit == Unit.Images ? u.Images : (Int128)u.InputTokens + u.OutputTokens) - u.CoveredUnits;
    }

    /// <param name="since">A full hour, from which on the records were read; null: all were.</param>
    public async Task<IEnumerable<Finding>> Check(PortalDb db, DateTimeOffset? since, CancellationToken cancel) =>
        [.. await Rollup(db, since, cancel), .. since is null ? await Tiers(db, cancel) : []];

    private async Task<IEnumerable<Finding>> Rollup(PortalDb db, DateTimeOffset? since, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        var rows = since is { } from ? db.UsageHours.Where(h => h.Hour >= from) : db.UsageHours;
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel))
        {
            var key = new HourKey(row.AccountId, row.Hour.Ticks / TimeSpan.TicksPerHour, row.MembershipId, row.Model);
            hours.Remove(key, out var sum);
            Compare(key, row, sum ?? new UsageHour { Model = row.Model }, findings);
        }

        foreach (var (key, sum) in hours)
        {
            Compare(key, new UsageHour { Model = key.Model }, sum, findings);
        }

        return findings;
    }

    private static void Compare(HourKey key, UsageHour row, UsageHour sum, List<Finding> findings)
    {
        var (requests, input, output) = (row.Requests - sum.Requests, row.InputTokens - sum.InputTokens, row.OutputTokens - sum.OutputTokens);
        var (images, covered, nanos) = (row.Images - sum.Images, row.CoveredUnits - sum.CoveredUnits, row.ChargedNanos - sum.ChargedNanos);
        if ((requests | input | output | images | covered | nanos) != 0)
        {
            findings.Add(new Finding(
                "usage.rollup", $"UsageHours {key.AccountId} {new DateTimeOffset(key.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero):u} {key.MembershipId} {key.Model}",
                $"differs from its usage records by {requests} requests, {input} + {output} tokens, {images} images, {covered} covered, {nanos} nanos"));
        }
    }

    // A prompt counts in the month in which it was asked, its record says when it was done: only the sum of the months is known from the records.
    private async Task<IEnumerable<Finding>> Tiers(PortalDb db, CancellationToken cancel)
    {
        var counted = new Dictionary<(Guid Wallet, Unit Unit), Int128>();
        await foreach (var c in db.Counters.AsNoTracking().Where(c => c.Key.StartsWith("tier:")).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var key = (c.WalletId, c.Key.StartsWith("tier:tokens:", StringComparison.Ordinal) ? Unit.Tokens : Unit.Images);
            counted[key] = counted.GetValueOrDefault(key) + c.Used;
        }

        return paid.Keys.Union(counted.Keys).Where(k => paid.GetValueOrDefault(k) != counted.GetValueOrDefault(k)).Select(k => new Finding(
            "tier.used", $"Counters {k.Wallet} tier:{(k.Unit == Unit.Tokens ? "tokens" : "images")}",
            $"its months say {counted.GetValueOrDefault(k)} paid units, its usage records {paid.GetValueOrDefault(k)}"));
    }

    private readonly record struct HourKey(Guid AccountId, long Hour, Guid MembershipId, string Model);
}
