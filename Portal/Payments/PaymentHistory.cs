using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments;

/// <summary>An account's payments with their refunds, newest first.</summary>
public sealed class PaymentHistory(IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    /// <summary>How long the gateway keeps a payment page open.</summary>
    private static readonly TimeSpan PageLifetime = TimeSpan.FromHours(24);

    /// <param name="accountId">The caller's own account, or any account when staff ask.</param>
    public async Task<Outcome<IReadOnlyList<PaymentView>>> ReadAsync(Caller caller, Guid accountId, int most, CancellationToken ct)
    {
        if (!MaySee(caller, accountId)) return accountId == caller.AccountId ? Refusal.Forbidden : Refusal.NotFound;
        await using var db = await databases.CreateDbContextAsync(ct);
        var payments = await db.Payments.AsNoTracking().Include(p => p.Refunds).Where(p => p.AccountId == accountId)
            .OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).Take(most).ToListAsync(ct);
        return payments.Select(View).ToList();
    }

    public async Task<Outcome<PaymentView>> FindAsync(Caller caller, Guid paymentId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var payment = await db.Payments.AsNoTracking().Include(p => p.Refunds).FirstOrDefaultAsync(p => p.Id == paymentId, ct);
        return payment is not null && MaySee(caller, payment.AccountId) ? View(payment) : Refusal.NotFound;
    }

    private static bool MaySee(Caller caller, Guid accountId) => caller.IsStaff || (caller.AccountId == accountId && caller.ManagesBilling);

    private PaymentView View(Payment payment)
    {
        var open = payment is { Status: PaymentStatus.Pending, CheckoutUrl: not null } && payment.CreatedAt + PageLifetime > time.GetUtcNow();
        var (paid, refunded) = (new Money(payment.AmountNanos), new Money(payment.RefundedNanos));
        return new PaymentView(
            payment.Id, payment.CreatedAt, paid, refunded, payment.Status == PaymentStatus.Succeeded ? paid - refunded : Money.Zero,
            payment.Status, payment.FailureCode, payment.CardBrand, payment.CardLast4, payment.SucceededAt,
            open ? new Uri(payment.CheckoutUrl!) : null, payment.Refunds.OrderBy(r => r.CreatedAt).Select(RefundView.Of).ToList());
    }
}
