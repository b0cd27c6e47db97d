using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Rows;
using Portal.Data;

namespace Portal.Billing.Verification.Movements;

/// <summary>The rollup is the sum of the usage records, and what money paid for is what the month's tiers counted.</summary>
internal sealed class UsageRules
{
    private readonly Dictionary<HourKey, Sums> hours = [];
    private readonly Dictionary<(Guid Wallet, Unit Unit), Int128> paid = [];

    public long Count { get; private set; }

    public long HourCount { get; private set; }

    public void Add(in HourRow h)
    {
        HourCount++;
        ref var sums = ref Of(h.AccountId, h.Hour, h.MembershipId, h.Model);
        sums = sums.Plus(h.Requests, h.InputTokens, h.OutputTokens, h.Images, h.CoveredUnits, h.ChargedNanos);
    }

    public void Add(in UsageRow u)
    {
        Count++;
        ref var sums = ref Of(u.AccountId, u.At, u.MembershipId, u.Model);
        sums = sums.Plus(-1, -u.InputTokens, -u.OutputTokens, -u.Images, -u.CoveredUnits, -u.ChargedNanos);
        CollectionsMarshal.GetValueRefOrAddDefault(paid, (u.AccountId, u.Unit), out _) +=
            (u.Unit == Unit.Images ? u.Images : (Int128)u.InputTokens + u.OutputTokens) - u.CoveredUnits;
    }

    /// <param name="tiers">Whether every usage record was read.</param>
    public async Task<IEnumerable<Finding>> Check(PortalDb db, bool tiers, CancellationToken cancel) => [.. Rollup(), .. tiers ? await Tiers(db, cancel) : []];

    private IEnumerable<Finding> Rollup() => hours.Where(h => h.Value != default).Select(h => new Finding(
        "usage.rollup", $"UsageHours {h.Key.AccountId} {new DateTimeOffset(h.Key.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero):u} {h.Key.MembershipId} {h.Key.Model}",
        $"differs from its usage records by {h.Value.Requests} requests, {h.Value.InputTokens} + {h.Value.OutputTokens} tokens, {h.Value.Images} images, {h.Value.CoveredUnits} covered, {h.Value.ChargedNanos} nanos"));

    private ref Sums Of(Guid account, DateTimeOffset at, Guid membership, string model) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(hours, new HourKey(account, at.Ticks / TimeSpan.TicksPerHour, membership, model), out _);

    // A prompt counts in the month in which it was asked, its record says when it was done: only the sum of the months is known from the records.
    private async Task<IEnumerable<Finding>> Tiers(PortalDb db, CancellationToken cancel)
    {
        var counted = new Dictionary<(Guid Wallet, Unit Unit), Int128>();
        await foreach (var c in db.Counters.AsNoTracking().Where(c => c.Key.StartsWith("tier:")).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var key = (c.WalletId, c.Key.StartsWith("tier:tokens:", StringComparison.Ordinal) ? Unit.Tokens : Unit.Images);
            counted[key] = counted.GetValueOrDefault(key) + c.Used;
        }

        foreach (var back in await db.UsageReturns.Where(r => r.TierUnits != 0).Join(db.UsageRecords, r => r.Id, u => u.Id, (r, u) => new { u.AccountId, u.Unit, r.TierUnits }).ToListAsync(cancel))
        {
            counted[(back.AccountId, back.Unit)] = counted.GetValueOrDefault((back.AccountId, back.Unit)) + back.TierUnits;
        }

        return paid.Keys.Union(counted.Keys).Where(k => paid.GetValueOrDefault(k) != counted.GetValueOrDefault(k)).Select(k => new Finding(
            "tier.used", $"Counters {k.Wallet} tier:{(k.Unit == Unit.Tokens ? "tokens" : "images")}",
            $"its months say {counted.GetValueOrDefault(k)} paid units, those that were given back included; its usage records {paid.GetValueOrDefault(k)}"));
    }

    /// <summary>What the rollup's row has more than the records of its hour.</summary>
    private readonly record struct Sums(long Requests, long InputTokens, long OutputTokens, long Images, long CoveredUnits, long ChargedNanos)
    {
        public Sums Plus(long requests, long input, long output, long images, long covered, long nanos) => new(
            Requests + requests, InputTokens + input, OutputTokens + output, Images + images, CoveredUnits + covered, ChargedNanos + nanos);
    }

    private readonly record struct HourKey(Guid AccountId, long Hour, Guid MembershipId, string Model);
}
