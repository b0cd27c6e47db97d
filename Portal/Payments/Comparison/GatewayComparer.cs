using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;

namespace Portal.Payments.Comparison;

/// <summary>
/// Goes through the gateway's lists of payments, refunds and disputes and compares each with what is booked here, and the other way round. What the
/// portal was never told is written down as if it had been told; what then still differs is a difference, and a person has to look at it.
/// </summary>
public sealed partial class GatewayComparer(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, StripeGateway gateway, TimeProvider time, ILogger<GatewayComparer> logger)
{
    /// <summary>How far back: the gateway's lists are by the day on which something began.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(31);

    private const int PagesMax = 5_000;
    private const int Shown = 12;

    /// <summary>A payment page may be open for a day before it is paid: its intent is older than its success.</summary>
    private static readonly TimeSpan Edge = TimeSpan.FromDays(2);

    /// <summary>The newest comparisons, the last one with its differences first.</summary>
    public async Task<Outcome<IReadOnlyList<GatewayComparison>>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.GatewayComparisons.AsNoTracking().Include(c => c.Differences).OrderByDescending(c => c.At).Take(Shown).ToListAsync(cancel);
    }

    /// <summary>Compares now.</summary>
    public async Task<Outcome<Done>> Compare(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        return await Run(cancel) is null ? new Refusal("gateway.unreachable") : new Done();
    }

    /// <returns>The comparison, which is kept; null when the gateway did not answer to the end: half a list proves nothing.</returns>
    public async Task<GatewayComparison?> Run(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var comparison = new GatewayComparison { Id = Guid.CreateVersion7(now), At = now, Since = now - Window };
        await using var db = databases.CreateDbContext();
        if (await Compare(comparison, new ComparedPayments(db), cancel) is not { } payments
            || await Compare(comparison, new ComparedRefunds(db), cancel) is not { } refunds
            || await Compare(comparison, new ComparedDisputes(db), cancel) is not { } disputes)
        {
            return null;
        }

        (comparison.Payments, comparison.Refunds, comparison.Disputes) = (payments, refunds, disputes);
        db.GatewayComparisons.Add(comparison);
        await db.SaveChangesAsync(cancel);
        Log.Compared(logger, payments, refunds, disputes, comparison.Mended, comparison.Differences.Count);
        return comparison;
    }

    /// <returns>How many objects the gateway's list has; null when it did not answer to the end.</returns>
    private async Task<int?> Compare<T>(GatewayComparison comparison, Compared<T> kind, CancellationToken cancel)
        where T : class
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (more, before) = (true, (string?)null);
        for (var page = 0; more; page++)
        {
            if (page == PagesMax || await gateway.List<T>(kind.Resource, comparison.Since, before, cancel) is not GatewayAnswer<GatewayPage<T>>.Done { Value: var found }) return null;
            foreach (var theirs in found.Data)
            {
                seen.Add(before = kind.IdOf(theirs));
                await Compare(comparison, kind, theirs, cancel);
            }

            more = found.HasMore;
        }

        // What is booked here must be there too, also what began before the gateway's list does.
        var listed = seen.Count;
        foreach (var id in (await kind.Booked(comparison.Since + Edge, comparison.At, cancel)).Where(seen.Add))
        {
            switch (await gateway.Find<T>(kind.Resource, id, cancel))
            {
                case GatewayAnswer<T>.Unknown:
                    return null;
                case GatewayAnswer<T>.Done { Value: var theirs }:
                    await Compare(comparison, kind, theirs, cancel);
                    break;
                default:
                    comparison.Differences.Add(kind.Difference(GatewayDifferenceKind.UnknownThere, await kind.Find(id, null, cancel), id, null));
                    break;
            }
        }

        return listed;
    }

    /// <summary>What is not told alike is first written down as if it had been told.</summary>
    private async Task Compare<T>(GatewayComparison comparison, Compared<T> kind, T theirs, CancellationToken cancel)
        where T : class
    {
        var id = kind.IdOf(theirs);
        var ours = await kind.Find(id, theirs, cancel);
        if (kind.Same(ours, theirs)) return;
        if (await kind.Untold(ours, theirs, cancel) is { } told)
        {
            var problem = await PaymentRecorder.Write(ledger, told.AccountId, told.PaymentId, told.Change, cancel);
            if (problem is not null) Log.Unmended(logger, id, problem);
            ours = await kind.Find(id, theirs, cancel);
            if (kind.Same(ours, theirs))
            {
                comparison.Mended++;
                return;
            }
        }

        comparison.Differences.Add(kind.Difference(ours is null ? GatewayDifferenceKind.UnknownHere : GatewayDifferenceKind.Differs, ours, id, theirs));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Compared {Payments} payments, {Refunds} refunds and {Disputes} disputes with the gateway: {Mended} mended, {Differences} differences")]
        public static partial void Compared(ILogger logger, int payments, int refunds, int disputes, int mended, int differences);

        [LoggerMessage(LogLevel.Error, "{GatewayId} cannot be written down: {Problem}")]
        public static partial void Unmended(ILogger logger, string gatewayId, string problem);
    }
}
