using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Comparison;

/// <summary>An intent that never came to money is nothing to anybody.</summary>
internal sealed class ComparedPayments(PortalDb db) : Compared<ListedIntent>(db)
{
    private const string Paid = nameof(PaymentStatus.Succeeded);

    public override string Resource => "payment_intents";

    protected override GatewayObject What => GatewayObject.Payment;

    public override string IdOf(ListedIntent theirs) => theirs.Id;

    public override async Task<Ours?> Find(string id, ListedIntent? theirs, CancellationToken cancel)
    {
        var named = Named(theirs?.Metadata, StripeGateway.PaymentKey);
        var payment = await Db.Payments.AsNoTracking().Where(p => p.PaymentIntentId == id || (p.PaymentIntentId == null && p.Id == named))
            .OrderByDescending(p => p.PaymentIntentId == id).FirstOrDefaultAsync(cancel);
        return payment is null ? null : new Ours(payment.Id, payment.AccountId, payment.AmountNanos, $"{payment.Status}");
    }

    public override bool Same(Ours? ours, ListedIntent theirs) => (ours?.State == Paid, theirs.Status == "succeeded") switch
    {
        (false, false) => true,
        (true, true) => Money.FromMinorUnits(theirs.AmountReceived).Nanos == ours!.Nanos,
        _ => false,
    };

    public override Task<(Guid AccountId, Guid PaymentId, PaymentChange Change)?> Untold(Ours? ours, ListedIntent theirs, CancellationToken cancel) =>
        Task.FromResult<(Guid, Guid, PaymentChange)?>(
            ours is null || ours.State == Paid ? null : (ours.AccountId, ours.Id, new PaymentChange.Paid(theirs.AmountReceived, theirs.Currency, theirs.Id)));

    public override Task<List<string>> Booked(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => Db.Payments
        .Where(p => p.Status == PaymentStatus.Succeeded && p.SucceededAt >= from && p.SucceededAt <= to && p.PaymentIntentId != null).Select(p => p.PaymentIntentId!).ToListAsync(cancel);

    protected override (long Minor, string? State) Told(ListedIntent theirs) => (theirs.AmountReceived, theirs.Status);
}
