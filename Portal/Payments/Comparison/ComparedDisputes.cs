using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Comparison;

internal sealed class ComparedDisputes(PortalDb db) : Compared<GatewayDispute>(db)
{
    public override string Resource => "disputes";

    protected override GatewayObject What => GatewayObject.Dispute;

    public override string IdOf(GatewayDispute theirs) => theirs.Id;

    public override async Task<Ours?> Find(string id, GatewayDispute? theirs, CancellationToken cancel)
    {
        var dispute = await Db.Disputes.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancel);
        return dispute is null ? null : new Ours(Guid.Empty, dispute.AccountId, dispute.AmountNanos, $"{dispute.Status}");
    }

    public override bool Same(Ours? ours, GatewayDispute theirs) =>
        ours is not null && ours.Nanos == Money.FromMinorUnits(theirs.Amount).Nanos && ours.State == $"{PaymentChange.Disputed.Of(theirs).Status}";

    public override Task<(Guid AccountId, Guid PaymentId, PaymentChange Change)?> Untold(Ours? ours, GatewayDispute theirs, CancellationToken cancel) =>
        OfPayment(theirs.PaymentIntent, PaymentChange.Disputed.Of(theirs), cancel);

    public override Task<List<string>> Booked(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Db.Disputes.Where(d => d.OpenedAt >= from && d.OpenedAt <= to).Select(d => d.Id).ToListAsync(cancel);

    protected override (long Minor, string? State) Told(GatewayDispute theirs) => (theirs.Amount, theirs.Status);
}
