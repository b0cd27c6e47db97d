using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;

namespace Portal.Payments.Comparison;

/// <summary>One kind of the gateway's objects, and what is booked here of it.</summary>
/// <typeparam name="T">As the gateway lists it.</typeparam>
internal abstract class Compared<T>(PortalDb db)
    where T : class
{
    /// <summary>The gateway's list, e.g. <c>refunds</c>.</summary>
    public abstract string Resource { get; }

    protected abstract GatewayObject What { get; }

    protected PortalDb Db => db;

    public abstract string IdOf(T theirs);

    /// <summary>What is booked of an object; null when nothing is.</summary>
    /// <param name="theirs">The object itself, which may name what is here; null when the gateway has none.</param>
    public abstract Task<Ours?> Find(string id, T? theirs, CancellationToken cancel);

    public abstract bool Same(Ours? ours, T theirs);

    /// <summary>What the portal would have been told; null when it concerns no payment of the portal's.</summary>
    public abstract Task<(Guid AccountId, Guid PaymentId, PaymentChange Change)?> Untold(Ours? ours, T theirs, CancellationToken cancel);

    /// <summary>The gateway's ids of what was booked for good between two instants.</summary>
    public abstract Task<List<string>> Booked(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);

    public GatewayDifference Difference(GatewayDifferenceKind kind, Ours? ours, string id, T? theirs)
    {
        var (minor, state) = theirs is null ? (0, null) : Told(theirs);
        return new GatewayDifference
        {
            What = What, Kind = kind, GatewayId = id, AccountId = ours?.AccountId, OursNanos = ours?.Nanos, OursState = ours?.State,
            TheirsNanos = theirs is null ? null : Money.FromMinorUnits(minor).Nanos, TheirsState = state,
        };
    }

    /// <summary>Minor units and state as the gateway has them.</summary>
    protected abstract (long Minor, string? State) Told(T theirs);

    protected async Task<(Guid AccountId, Guid PaymentId, PaymentChange Change)?> OfPayment(string? intentId, PaymentChange change, CancellationToken cancel)
    {
        var payment = await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.PaymentIntentId == intentId, cancel);
        return payment is null ? null : (payment.AccountId, payment.Id, change);
    }

    protected static Guid? Named(Dictionary<string, string>? metadata, string key) =>
        metadata is not null && Guid.TryParse(metadata.GetValueOrDefault(key), out var id) ? id : null;

    /// <param name="Id">Of the row; of a dispute empty, its name is the gateway's.</param>
    /// <param name="State">As the portal calls it.</param>
    internal sealed record Ours(Guid Id, Guid AccountId, long Nanos, string State);
}
