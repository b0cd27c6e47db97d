using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Comparison;

/// <summary>A refund that failed at the gateway need not be known here.</summary>
internal sealed class ComparedRefunds(PortalDb db) : Compared<GatewayRefund>(db)
{
    public override string Resource => "refunds";

    protected override GatewayObject What => GatewayObject.Refund;

    public override string IdOf(GatewayRefund theirs) => theirs.Id;

    public override async Task<Ours?> Find(string id, GatewayRefund? theirs, CancellationToken cancel)
    {
        var named = Named(theirs?.Metadata, StripeGateway.RefundKey);
        var refund = await Db.Refunds.AsNoTracking().FirstOrDefaultAsync(r => r.GatewayId == id || r.Id == named, cancel);
        return refund is null ? null : new Ours(refund.Id, refund.AccountId, refund.AmountNanos, $"{refund.Status}");
    }

    public override bool Same(Ours? ours, GatewayRefund theirs) => (ours?.State, theirs.Status) switch
    {
        (null or nameof(RefundStatus.Failed), "failed" or "canceled") => true,
        (nameof(RefundStatus.Succeeded), "succeeded") or (nameof(RefundStatus.Pending), "pending" or "requires_action") =>
            Money.FromMinorUnits(theirs.Amount).Nanos == ours!.Nanos,
        _ => false,
    };

    public override Task<(Guid AccountId, Guid PaymentId, PaymentChange Change)?> Untold(Ours? ours, GatewayRefund theirs, CancellationToken cancel) =>
        OfPayment(theirs.PaymentIntent, PaymentChange.RefundMoved.Of(theirs, ours?.Id), cancel);

    public override Task<List<string>> Booked(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => Db.Refunds
        .Where(r => r.Status == RefundStatus.Succeeded && r.ResolvedAt >= from && r.ResolvedAt <= to && r.GatewayId != null).Select(r => r.GatewayId!).ToListAsync(cancel);

    protected override (long Minor, string? State) Told(GatewayRefund theirs) => (theirs.Amount, theirs.Status);
}
