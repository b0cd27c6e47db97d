using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
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
        if (!caller.IsAdministrator) return Refusal.NotFound;
        await using var db = databases.CreateDbContext();
        return await db.GatewayComparisons.AsNoTracking().Include(c => c.Differences).OrderByDescending(c => c.At).Take(Shown).ToListAsync(cancel);
    }

    /// <summary>Compares now.</summary>
    public async Task<Outcome<Done>> Compare(Caller caller, CancellationToken cancel = default)
    {
        if (caller.ReadOnly)
        {
            return Refusal.ReadOnly;
        }

        if (!caller.IsAdministrator) return Refusal.NotFound;
        return await Run(cancel) is null ? new Refusal("gateway.unreachable") : new Done();
    }

    /// <returns>The comparison, which is kept; null when the gateway did not answer to the end: half a list proves nothing.</returns>
    public async Task<GatewayComparison?> Run(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var comparison = new GatewayComparison { Id = Guid.CreateVersion7(now), At = now, Since = now - Window };
        if (await ComparePayments(comparison, cancel) is not { } paid || await CompareRefunds(comparison, cancel) is not { } refunded
            || await CompareDisputes(comparison, cancel) is not { } disputed) return null;
        if (!await FindPayments(comparison, paid, cancel) || !await FindRefunds(comparison, refunded, cancel) || !await FindDisputes(comparison, disputed, cancel)) return null;
        await using var db = databases.CreateDbContext();
        db.GatewayComparisons.Add(comparison);
        await db.SaveChangesAsync(cancel);
        Log.Compared(logger, comparison.Payments, comparison.Refunds, comparison.Disputes, comparison.Mended, comparison.Differences.Count);
        return comparison;
    }

    /// <returns>The ids of all payments that the gateway has; null when it did not answer.</returns>
    private Task<HashSet<string>?> ComparePayments(GatewayComparison comparison, CancellationToken cancel) => Each<ListedIntent>(
        "payment_intents", comparison.Since, intent => intent.Id,
        async page =>
        {
            comparison.Payments += page.Count;
            var booked = await Booked(page, cancel);
            foreach (var intent in page)
            {
                var ours = Of(intent, booked);
                if (intent.Status == "succeeded" && ours is { Status: not PaymentStatus.Succeeded })
                {
                    var problem = await PaymentRecorder.Write(ledger, ours.AccountId, ours.Id, new PaymentChange.Paid(intent.AmountReceived, intent.Currency, intent.Id), cancel);
                    if (problem is not null) Log.Unmended(logger, intent.Id, problem);
                    comparison.Mended += problem is null ? 1 : 0;
                    ours = await Payment(ours.Id, cancel);
                }

                if (PaymentDifference(ours, intent) is { } kind) comparison.Differences.Add(Difference(kind, ours, intent));
            }
        }, cancel);

    private Task<HashSet<string>?> CompareRefunds(GatewayComparison comparison, CancellationToken cancel) => Each<GatewayRefund>(
        "refunds", comparison.Since, refund => refund.Id,
        async page =>
        {
            comparison.Refunds += page.Count;
            foreach (var refund in page)
            {
                var ours = await Refund(refund, cancel);
                if (!Same(ours, refund) && await PaymentOf(refund.PaymentIntent, cancel) is { } payment)
                {
                    var problem = await PaymentRecorder.Write(ledger, payment.AccountId, payment.Id, PaymentChange.RefundMoved.Of(refund, ours?.Id), cancel);
                    if (problem is not null) Log.Unmended(logger, refund.Id, problem);
                    ours = await Refund(refund, cancel);
                    comparison.Mended += Same(ours, refund) ? 1 : 0;
                }

                if (!Same(ours, refund)) comparison.Differences.Add(Difference(ours is null ? GatewayDifferenceKind.UnknownHere : GatewayDifferenceKind.Differs, ours, refund, refund.Id));
            }
        }, cancel);

    private Task<HashSet<string>?> CompareDisputes(GatewayComparison comparison, CancellationToken cancel) => Each<GatewayDispute>(
        "disputes", comparison.Since, dispute => dispute.Id,
        async page =>
        {
            comparison.Disputes += page.Count;
            foreach (var dispute in page)
            {
                var ours = await Dispute(dispute.Id, cancel);
                if (!Same(ours, dispute) && await PaymentOf(dispute.PaymentIntent, cancel) is { } payment)
                {
                    var problem = await PaymentRecorder.Write(ledger, payment.AccountId, payment.Id, PaymentChange.Disputed.Of(dispute), cancel);
                    if (problem is not null) Log.Unmended(logger, dispute.Id, problem);
                    ours = await Dispute(dispute.Id, cancel);
                    comparison.Mended += Same(ours, dispute) ? 1 : 0;
                }

                if (!Same(ours, dispute)) comparison.Differences.Add(Difference(ours is null ? GatewayDifferenceKind.UnknownHere : GatewayDifferenceKind.Differs, ours, dispute, dispute.Id));
            }
        }, cancel);

    /// <summary>What is paid here must be paid there, also what began before the gateway's list does.</summary>
    /// <returns>False when the gateway did not answer.</returns>
    private async Task<bool> FindPayments(GatewayComparison comparison, HashSet<string> listed, CancellationToken cancel)
    {
        var from = comparison.Since + Edge;
        await using var db = databases.CreateDbContext();
        await foreach (var ours in db.Payments.AsNoTracking().Where(p => p.Status == PaymentStatus.Succeeded && p.SucceededAt >= from && p.SucceededAt <= comparison.At).AsAsyncEnumerable())
        {
            if (ours.PaymentIntentId is not { } id || listed.Contains(id)) continue;
            switch (await gateway.FindIntent(id, cancel))
            {
                case GatewayAnswer<GatewayIntent>.Unknown:
                    return false;
                case GatewayAnswer<GatewayIntent>.Done { Value: var found }:
                    var intent = new ListedIntent(found.Id, found.Status, found.AmountReceived, found.Currency);
                    if (PaymentDifference(ours, intent) is { } kind) comparison.Differences.Add(Difference(kind, ours, intent));
                    break;
                default:
                    comparison.Differences.Add(Difference(GatewayDifferenceKind.UnknownThere, ours, null, id));
                    break;
            }
        }

        return true;
    }

    private async Task<bool> FindRefunds(GatewayComparison comparison, HashSet<string> listed, CancellationToken cancel)
    {
        var from = comparison.Since + Edge;
        await using var db = databases.CreateDbContext();
        await foreach (var ours in db.Refunds.AsNoTracking().Where(r => r.PaymentId != null && r.Status == RefundStatus.Succeeded && r.ResolvedAt >= from && r.ResolvedAt <= comparison.At).AsAsyncEnumerable())
        {
            if (ours.GatewayId is not { } id || listed.Contains(id)) continue;
            switch (await gateway.FindRefund(id, cancel))
            {
                case GatewayAnswer<GatewayRefund>.Unknown:
                    return false;
                case GatewayAnswer<GatewayRefund>.Done { Value: var refund }:
                    if (!Same(ours, refund)) comparison.Differences.Add(Difference(GatewayDifferenceKind.Differs, ours, refund, id));
                    break;
                default:
                    comparison.Differences.Add(Difference(GatewayDifferenceKind.UnknownThere, ours, null, id));
                    break;
            }
        }

        return true;
    }

    private async Task<bool> FindDisputes(GatewayComparison comparison, HashSet<string> listed, CancellationToken cancel)
    {
        var from = comparison.Since + Edge;
        await using var db = databases.CreateDbContext();
        await foreach (var ours in db.Disputes.AsNoTracking().Where(d => d.OpenedAt >= from && d.OpenedAt <= comparison.At).AsAsyncEnumerable())
        {
            if (listed.Contains(ours.Id)) continue;
            switch (await gateway.FindDispute(ours.Id, cancel))
            {
                case GatewayAnswer<GatewayDispute>.Unknown:
                    return false;
                case GatewayAnswer<GatewayDispute>.Done { Value: var dispute }:
                    if (!Same(ours, dispute)) comparison.Differences.Add(Difference(GatewayDifferenceKind.Differs, ours, dispute, ours.Id));
                    break;
                default:
                    comparison.Differences.Add(Difference(GatewayDifferenceKind.UnknownThere, ours, null, ours.Id));
                    break;
            }
        }

        return true;
    }

    private async Task<HashSet<string>?> Each<T>(string resource, DateTimeOffset since, Func<T, string> id, Func<IReadOnlyList<T>, Task> compare, CancellationToken cancel)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? before = null;
        for (var page = 0; page < PagesMax; page++)
        {
            if (await gateway.List<T>(resource, since, before, cancel) is not GatewayAnswer<GatewayPage<T>>.Done { Value: var found }) return null;
            await compare(found.Data);
            foreach (var one in found.Data) seen.Add(before = id(one));
            if (!found.HasMore) return seen;
        }

        return null;
    }

    /// <summary>The payments here that a page of intents may be of, by the gateway's id or by the portal's own that an intent carries.</summary>
    private async Task<List<Payment>> Booked(IReadOnlyList<ListedIntent> page, CancellationToken cancel)
    {
        var ids = page.Select(intent => intent.Id).ToList();
        var own = page.Select(intent => Named(intent.Metadata, StripeGateway.PaymentKey)).OfType<Guid>().ToList();
        await using var db = databases.CreateDbContext();
        return await db.Payments.AsNoTracking().Where(p => ids.Contains(p.PaymentIntentId!) || own.Contains(p.Id)).ToListAsync(cancel);
    }

    private static Payment? Of(ListedIntent intent, List<Payment> booked) => booked.Find(p => p.PaymentIntentId == intent.Id)
        ?? booked.Find(p => p.PaymentIntentId is null && p.Id == Named(intent.Metadata, StripeGateway.PaymentKey));

    private async Task<Payment> Payment(Guid id, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Payments.AsNoTracking().FirstAsync(p => p.Id == id, cancel);
    }

    private async Task<Payment?> PaymentOf(string? intentId, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.PaymentIntentId == intentId, cancel);
    }

    private async Task<Refund?> Refund(GatewayRefund refund, CancellationToken cancel)
    {
        var id = Named(refund.Metadata, StripeGateway.RefundKey);
        await using var db = databases.CreateDbContext();
        return await db.Refunds.AsNoTracking().FirstOrDefaultAsync(r => r.GatewayId == refund.Id || (id != null && r.Id == id), cancel);
    }

    private async Task<Dispute?> Dispute(string id, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Disputes.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancel);
    }

    /// <summary>An intent that never came to money is nothing to anybody.</summary>
    private static GatewayDifferenceKind? PaymentDifference(Payment? ours, ListedIntent theirs) => (ours, theirs.Status) switch
    {
        (null, "succeeded") => GatewayDifferenceKind.UnknownHere,
        ({ Status: PaymentStatus.Succeeded }, "succeeded") when Money.FromMinorUnits(theirs.AmountReceived).Nanos == ours.AmountNanos => null,
        ({ Status: PaymentStatus.Succeeded }, _) or (_, "succeeded") => GatewayDifferenceKind.Differs,
        _ => null,
    };

    private static bool Same(Refund? ours, GatewayRefund theirs) => (ours, theirs.Status) switch
    {
        (null, "failed" or "canceled") => true,
        (null, _) => false,
        ({ Status: RefundStatus.Failed }, "failed" or "canceled") => true,
        ({ Status: RefundStatus.Succeeded }, "succeeded") or ({ Status: RefundStatus.Pending }, "pending" or "requires_action") =>
            Money.FromMinorUnits(theirs.Amount).Nanos == ours.AmountNanos,
        _ => false,
    };

    private static bool Same(Dispute? ours, GatewayDispute theirs) =>
        ours is not null && ours.AmountNanos == Money.FromMinorUnits(theirs.Amount).Nanos && ours.Status == PaymentChange.Disputed.Of(theirs).Status;

    private static GatewayDifference Difference(GatewayDifferenceKind kind, Dispute? ours, GatewayDispute? theirs, string id) => new()
    {
        What = GatewayObject.Dispute, Kind = kind, GatewayId = id, AccountId = ours?.AccountId, OursNanos = ours?.AmountNanos, OursState = ours?.Status.ToString(),
        TheirsNanos = theirs is null ? null : Money.FromMinorUnits(theirs.Amount).Nanos, TheirsState = theirs?.Status,
    };

    private static GatewayDifference Difference(GatewayDifferenceKind kind, Payment? ours, ListedIntent? theirs, string? id = null) => new()
    {
        What = GatewayObject.Payment, Kind = kind, GatewayId = theirs?.Id ?? id!, AccountId = ours?.AccountId, OursNanos = ours?.AmountNanos, OursState = ours?.Status.ToString(),
        TheirsNanos = theirs is null ? null : Money.FromMinorUnits(theirs.AmountReceived).Nanos, TheirsState = theirs?.Status,
    };

    private static GatewayDifference Difference(GatewayDifferenceKind kind, Refund? ours, GatewayRefund? theirs, string id) => new()
    {
        What = GatewayObject.Refund, Kind = kind, GatewayId = id, AccountId = ours?.AccountId, OursNanos = ours?.AmountNanos, OursState = ours?.Status.ToString(),
        TheirsNanos = theirs is null ? null : Money.FromMinorUnits(theirs.Amount).Nanos, TheirsState = theirs?.Status,
    };

    private static Guid? Named(Dictionary<string, string>? metadata, string key) =>
        metadata is not null && Guid.TryParse(metadata.GetValueOrDefault(key), out var id) ? id : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Compared {Payments} payments, {Refunds} refunds and {Disputes} disputes with the gateway: {Mended} mended, {Differences} differences")]
        public static partial void Compared(ILogger logger, int payments, int refunds, int disputes, int mended, int differences);

        [LoggerMessage(LogLevel.Error, "{GatewayId} cannot be written down: {Problem}")]
        public static partial void Unmended(ILogger logger, string gatewayId, string problem);
    }
}
