using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Data.Payments;
using Portal.Payments.Bonuses;
using Portal.Payments.Cards;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments;

/// <summary>Starts a top-up: the payment is on record before the gateway is asked, and the person is sent to the gateway's page.</summary>
public sealed class TopUps(
    IDbContextFactory<PortalDb> databases, StripeGateway gateway, GatewayCustomers customers, IOptions<PaymentOptions> options, TimeProvider time)
{
    private const int FormKeyLengthMax = 100;

    /// <summary>Pages of one account that nobody has paid yet: each is asked after every minute.</summary>
    public const int OpenMax = 20;

    /// <summary>What one top-up may be, for the dialog.</summary>
    public (Money Min, Money Max) Limits => (Money.FromAmount(options.Value.MinTopUp), Money.FromAmount(options.Value.MaxTopUp));

    /// <returns>The address of the payment page.</returns>
    public async Task<Outcome<Uri>> Start(Caller caller, TopUpRequest request, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        if (!Check(request.Amount).IsDone(out var refusal, out var amount)) return refusal;
        if (request.FormKey.Length is 0 or > FormKeyLengthMax) return new Refusal("topup.form-key");
        string? customerId = null;
        if (request.SaveCard && !(await customers.Ensure(caller.AccountId, cancel)).IsDone(out refusal, out customerId)) return refusal;
        if (!(await Record(caller, request.FormKey, amount, cancel)).IsDone(out refusal, out var payment)) return refusal;
        if (payment.AmountNanos != amount.Nanos || payment.PersonId != caller.PersonId) return new Refusal("idempotency.mismatch");
        if (payment.Status is PaymentStatus.Succeeded or PaymentStatus.Failed) return new Refusal("topup.over");
        if (payment.CheckoutUrl is { } known) return new Uri(known);

        var answer = await gateway.CreateCheckout(
            new CheckoutRequest(
                payment.Id, amount.ToMinorUnits(), request.Product,
                new Uri(request.Portal, $"billing?payment={payment.Id}").ToString(), new Uri(request.Portal, $"billing?left={payment.Id}").ToString(),
                caller.Email, request.Language.StartsWith("zh", StringComparison.Ordinal) ? "zh" : "en", customerId),
            cancel);
        return answer switch
        {
            GatewayAnswer<GatewayCheckout>.Done { Value: { Url: { } url } session } => await Opened(payment.Id, session, url, cancel),
            GatewayAnswer<GatewayCheckout>.Refused { Code: "amount_too_small" } => await Fail(payment.Id, "amount_too_small", new Refusal("topup.gateway-too-small"), cancel),
            GatewayAnswer<GatewayCheckout>.Refused refused => await Fail(payment.Id, refused.Code.Length > 0 ? refused.Code : "refused", new Refusal("topup.gateway-refused"), cancel),

            // The same form may be sent again, and finds or makes the same page.
            _ => await Doubt(payment.Id, new Refusal("topup.gateway-unreachable"), cancel),
        };
    }

    /// <summary>Whether an amount may be topped up; also what the dialog says while one types.</summary>
    public Outcome<Money> Check(string? typed)
    {
        if (!MoneyInput.Read(typed).IsDone(out var refusal, out var amount)) return refusal;
        var (min, max) = Limits;
        return amount < min ? new Refusal("topup.too-small", MoneyInput.Text(min.Amount))
            : amount > max ? new Refusal("topup.too-large", MoneyInput.Text(max.Amount)) : amount;
    }

    /// <summary>What is given on top of which amounts.</summary>
    public async Task<IReadOnlyList<TopUpSlab>> Bonuses(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await TopUpBonus.Slabs(db, time.GetUtcNow(), cancel);
    }

    private async Task<Outcome<Payment>> Record(Caller caller, string formKey, Money amount, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await Find(db, caller.AccountId, formKey, cancel) is { } known) return known;
        var open = await db.Payments.CountAsync(
            p => p.AccountId == caller.AccountId && p.Purpose == PaymentPurpose.TopUp && p.Status == PaymentStatus.Pending && p.SessionId != null, cancel);
        if (open >= OpenMax) return new Refusal("topup.open", $"{OpenMax}");
        var now = time.GetUtcNow();
        var payment = new Payment
        {
            Id = Guid.CreateVersion7(now), AccountId = caller.AccountId, PersonId = caller.PersonId, AmountNanos = amount.Nanos,
            BonusNanos = TopUpBonus.Of(await TopUpBonus.Slabs(db, now, cancel), amount).Nanos, Status = PaymentStatus.Pending, FormKey = formKey, CreatedAt = now,
        };
        db.Payments.Add(payment);
        try
        {
            await db.SaveChangesAsync(cancel);
            return payment;
        }
        catch (DbUpdateException)
        {
            // The other click of a double click was first; anything else is a failure.
            await using var again = await databases.CreateDbContextAsync(cancel);
            if (await Find(again, caller.AccountId, formKey, cancel) is not { } first) throw;
            return first;
        }
    }

    private static Task<Payment?> Find(PortalDb db, Guid accountId, string formKey, CancellationToken cancel) =>
        db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.AccountId == accountId && p.FormKey == formKey, cancel);

    /// <summary>Only what the gateway named is written: a webhook may have moved the payment on already.</summary>
    private async Task<Outcome<Uri>> Opened(Guid paymentId, GatewayCheckout session, string url, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Payments.Where(p => p.Id == paymentId).ExecuteUpdateAsync(
            p => p.SetProperty(r => r.Status, r => r.Status == PaymentStatus.Unknown ? PaymentStatus.Pending : r.Status).SetProperty(r => r.SessionId, session.Id).SetProperty(r => r.CheckoutUrl, url).SetProperty(r => r.PaymentIntentId, r => r.PaymentIntentId ?? session.PaymentIntent), cancel);
        return new Uri(url);
    }

    private async Task<Outcome<Uri>> Fail(Guid paymentId, string code, Refusal refusal, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Payments.Where(p => p.Id == paymentId && (p.Status == PaymentStatus.Pending || p.Status == PaymentStatus.Unknown)).ExecuteUpdateAsync(
            p => p.SetProperty(r => r.Status, PaymentStatus.Failed).SetProperty(r => r.FailureCode, code), cancel);
        return refusal;
    }

    /// <summary>Whether the page was made is not known until the gateway has been asked again.</summary>
    private async Task<Outcome<Uri>> Doubt(Guid paymentId, Refusal refusal, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Payments.Where(p => p.Id == paymentId && p.Status == PaymentStatus.Pending && p.SessionId == null)
            .ExecuteUpdateAsync(p => p.SetProperty(r => r.Status, PaymentStatus.Unknown), cancel);
        return refusal;
    }
}
