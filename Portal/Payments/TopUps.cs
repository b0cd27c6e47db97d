using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Gateway;

namespace Portal.Payments;

/// <summary>Starts a top-up: the payment is on record before the gateway is asked, and the person is sent to the gateway's page.</summary>
public sealed class TopUps(IDbContextFactory<PortalDb> databases, StripeGateway gateway, IOptions<PaymentOptions> options, TimeProvider time)
{
    private const int FormKeyLengthMax = 100;

    /// <summary>What one top-up may be, for the dialog.</summary>
    public (Money Min, Money Max) Limits => (Money.FromAmount(options.Value.MinTopUp), Money.FromAmount(options.Value.MaxTopUp));

    /// <returns>The address of the payment page.</returns>
    public async Task<Outcome<Uri>> StartAsync(Caller caller, TopUpRequest request, CancellationToken ct)
    {
        if (!caller.ManagesBilling) return Refusal.Forbidden;
        if (!Check(request.Amount).IsDone(out var refusal)) return refusal;
        if (request.FormKey.Length is 0 or > FormKeyLengthMax) return new Refusal("topup.form-key");
        var amount = Check(request.Amount).Value;
        var payment = await RecordAsync(caller, request.FormKey, amount, ct);
        if (payment.AmountNanos != amount.Nanos || payment.PersonId != caller.PersonId) return new Refusal("idempotency.mismatch");
        if (payment.Status is PaymentStatus.Succeeded or PaymentStatus.Failed) return new Refusal("topup.over");
        if (payment.CheckoutUrl is { } known) return new Uri(known);

        var answer = await gateway.CreateCheckoutAsync(
            new CheckoutRequest(
                payment.Id, amount.ToMinorUnits(), request.Product,
                new Uri(request.Portal, $"billing?payment={payment.Id}").ToString(), new Uri(request.Portal, $"billing?left={payment.Id}").ToString(),
                caller.Email, request.Language.StartsWith("zh", StringComparison.Ordinal) ? "zh" : "en"),
            ct);
        return answer switch
        {
            GatewayAnswer<GatewayCheckout>.Done { Value: { Url: { } url } session } => await OpenedAsync(payment.Id, session, url, ct),
            GatewayAnswer<GatewayCheckout>.Refused { Code: "amount_too_small" } => await FailAsync(payment.Id, "amount_too_small", new Refusal("topup.gateway-too-small"), ct),
            GatewayAnswer<GatewayCheckout>.Refused refused => await FailAsync(payment.Id, refused.Code.Length > 0 ? refused.Code : "refused", new Refusal("topup.gateway-refused"), ct),

            // The same form may be sent again, and finds or makes the same page.
            _ => await DoubtAsync(payment.Id, new Refusal("topup.gateway-unreachable"), ct),
        };
    }

    /// <summary>Whether an amount may be topped up; also what the dialog says while one types.</summary>
    public Outcome<Money> Check(string? typed)
    {
        var read = MoneyInput.Read(typed);
        if (!read.IsDone(out _)) return read;
        var (min, max) = Limits;
        if (read.Value < min) return new Refusal("topup.too-small", MoneyInput.Text(min.Amount));
        return read.Value > max ? new Refusal("topup.too-large", MoneyInput.Text(max.Amount)) : read;
    }

    private async Task<Payment> RecordAsync(Caller caller, string formKey, Money amount, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await FindAsync(db, caller.AccountId, formKey, ct) is { } known) return known;
        var now = time.GetUtcNow();
        var payment = new Payment
        {
            Id = Guid.CreateVersion7(now), AccountId = caller.AccountId, PersonId = caller.PersonId, AmountNanos = amount.Nanos,
            Status = PaymentStatus.Pending, FormKey = formKey, CreatedAt = now,
        };
        db.Payments.Add(payment);
        try
        {
            await db.SaveChangesAsync(ct);
            return payment;
        }
        catch (DbUpdateException)
        {
            // The other click of a double click was first; anything else is a failure.
            await using var again = await databases.CreateDbContextAsync(ct);
            if (await FindAsync(again, caller.AccountId, formKey, ct) is not { } first) throw;
            return first;
        }
    }

    private static Task<Payment?> FindAsync(PortalDb db, Guid accountId, string formKey, CancellationToken ct) =>
        db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.AccountId == accountId && p.FormKey == formKey, ct);

    /// <summary>Only what the gateway named is written: a webhook may have moved the payment on already.</summary>
    private async Task<Outcome<Uri>> OpenedAsync(Guid paymentId, GatewayCheckout session, string url, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Payments.Where(p => p.Id == paymentId).ExecuteUpdateAsync(
            p => p.SetProperty(r => r.Status, r => r.Status == PaymentStatus.Unknown ? PaymentStatus.Pending : r.Status).SetProperty(r => r.SessionId, session.Id).SetProperty(r => r.CheckoutUrl, url).SetProperty(r => r.PaymentIntentId, r => r.PaymentIntentId ?? session.PaymentIntent), ct);
        return new Uri(url);
    }

    private async Task<Outcome<Uri>> FailAsync(Guid paymentId, string code, Refusal refusal, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Payments.Where(p => p.Id == paymentId && (p.Status == PaymentStatus.Pending || p.Status == PaymentStatus.Unknown)).ExecuteUpdateAsync(
            p => p.SetProperty(r => r.Status, PaymentStatus.Failed).SetProperty(r => r.FailureCode, code), ct);
        return refusal;
    }

    /// <summary>Whether the page was made is not known until the gateway has been asked again.</summary>
    private async Task<Outcome<Uri>> DoubtAsync(Guid paymentId, Refusal refusal, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Payments.Where(p => p.Id == paymentId && p.Status == PaymentStatus.Pending && p.SessionId == null)
            .ExecuteUpdateAsync(p => p.SetProperty(r => r.Status, PaymentStatus.Unknown), ct);
        return refusal;
    }
}
