using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Declines;
using Portal.Payments.Disputes;
using Portal.Payments.Refunds;

namespace Portal.Payments;

/// <summary>An account's payments with their refunds, newest first.</summary>
public sealed class PaymentHistory(IDbContextFactory<PortalDb> databases, IOptions<RefundOptions> refunds, TimeProvider time)
{
    /// <summary>How long the gateway keeps a payment page open.</summary>
    private static readonly TimeSpan PageLifetime = TimeSpan.FromHours(24);

    /// <summary>Of the account that the caller acts in: staff who are plain members of it see no more of it here than other members.</summary>
    public async Task<Outcome<IReadOnlyList<PaymentView>>> ReadOwn(Caller caller, int most, CancellationToken cancel) =>
        caller.WhyNotSee(Right.ManageBilling) is { } no ? no : await Read(caller, caller.AccountId, most, cancel);

    /// <param name="accountId">The caller's own account, or any account when staff ask.</param>
    public async Task<Outcome<IReadOnlyList<PaymentView>>> Read(Caller caller, Guid accountId, int most, CancellationToken cancel)
    {
        if (!MaySee(caller, accountId)) return accountId == caller.AccountId ? Refusal.Forbidden : Refusal.NotFound;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var payments = await db.Payments.AsNoTracking().Include(p => p.Refunds).Where(p => p.AccountId == accountId)
            .OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).Take(most).ToListAsync(cancel);
        return await Views(db, accountId, payments, cancel);
    }

    /// <summary>What lost disputes left owing of the account that the caller acts in; for those who manage its billing.</summary>
    public async Task<Money> Owed(Caller caller, CancellationToken cancel)
    {
        if (!caller.ManagesBilling) return Money.Zero;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await DisputeDebt.Owed(db, caller.AccountId, cancel);
    }

    public async Task<Outcome<PaymentView>> Find(Caller caller, Guid paymentId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var payment = await db.Payments.AsNoTracking().Include(p => p.Refunds).FirstOrDefaultAsync(p => p.Id == paymentId, cancel);
        return payment is not null && MaySee(caller, payment.AccountId) ? (await Views(db, payment.AccountId, [payment], cancel))[0] : Refusal.NotFound;
    }

    private async Task<List<PaymentView>> Views(PortalDb db, Guid accountId, List<Payment> payments, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var documents = await Documents(db, payments, cancel);
        var own = await new RefundWindow(refunds.Value, now).Read(db, await WalletLoader.Load(db, accountId, now, cancel), [.. payments.Select(p => p.Id)], cancel);
        var ids = payments.ConvertAll(p => p.Id);
        var disputes = (await db.Disputes.AsNoTracking().Where(d => ids.Contains(d.PaymentId)).OrderBy(d => d.OpenedAt).ToListAsync(cancel))
            .GroupBy(d => d.PaymentId).ToDictionary(g => g.Key, g => DisputeView.Of(g.Last(), "", now, staff: false));
        return payments.ConvertAll(p => View(p, documents) with { Own = own.GetValueOrDefault(p.Id), Dispute = disputes.GetValueOrDefault(p.Id) });
    }

    /// <summary>Receipts and credit notes by the payment or refund that they document.</summary>
    private static async Task<Dictionary<string, Guid>> Documents(PortalDb db, List<Payment> payments, CancellationToken cancel)
    {
        var references = payments.Select(p => p.Id).Concat(payments.SelectMany(p => p.Refunds).Select(r => r.Id)).Select(id => id.ToString()).ToList();
        return await db.Invoices.AsNoTracking().Where(i => (i.Kind == InvoiceKind.TopUp || i.Kind == InvoiceKind.CreditNote) && references.Contains(i.Reference)).ToDictionaryAsync(i => i.Reference, i => i.Id, cancel);
    }

    private static bool MaySee(Caller caller, Guid accountId) => caller.IsStaff || (caller.AccountId == accountId && caller.ManagesBilling);

    private PaymentView View(Payment payment, Dictionary<string, Guid> documents)
    {
        var open = payment is { Status: PaymentStatus.Pending, CheckoutUrl: not null } && payment.CreatedAt + PageLifetime > time.GetUtcNow();
        var (paid, refunded) = (new Money(payment.AmountNanos), new Money(payment.RefundedNanos));
        return new PaymentView(
            payment.Id, payment.CreatedAt, paid, refunded, payment.Status == PaymentStatus.Succeeded ? paid - refunded : Money.Zero,
            payment.Status, payment.FailureCode, payment.CardBrand, payment.CardLast4, payment.SucceededAt, Document(payment.Id),
            open ? new Uri(payment.CheckoutUrl!) : null, payment.Refunds.OrderBy(r => r.CreatedAt).Select(r => RefundView.Of(r, Document(r.Id))).ToList())
        {
            Bonus = payment.Status == PaymentStatus.Succeeded ? new Money(payment.BonusNanos) : Money.Zero,
            Purpose = payment.Purpose, NeedsConfirmation = payment is { Status: PaymentStatus.Pending, MethodId: not null, FailureCode: DeclineCodes.MustConfirm },
        };

        Guid? Document(Guid id) => documents.TryGetValue(id.ToString(), out var found) ? found : null;
    }
}
