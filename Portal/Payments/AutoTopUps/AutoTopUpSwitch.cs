using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.AutoTopUps;

/// <summary>
/// Switches the rule off when money goes back or is contested: the balance falls by it, and a card would be charged at once for what its holder has just
/// got back, or says never to have wanted.
/// </summary>
internal static class AutoTopUpSwitch
{
    /// <summary>A refund took this payment's credit: one that leaves enough of other payments ends nothing.</summary>
    public static async Task Refunded(LedgerTransaction transaction, Payment payment, CancellationToken cancel)
    {
        var book = (await transaction.Lock(payment.AccountId, cancel))!;
        var left = book.Available(Unit.Money, PaidPeriod.FeeSources, null, transaction.Now);
        await Off(transaction, payment, rule => payment.Purpose == PaymentPurpose.AutoTopUp || left < rule.ThresholdNanos, cancel);
    }

    /// <summary>Whichever payment it is: its card may be the one that the rule charges.</summary>
    public static Task Contested(LedgerTransaction transaction, Payment payment, CancellationToken cancel) => Off(transaction, payment, _ => true, cancel);

    private static async Task Off(LedgerTransaction transaction, Payment payment, Func<AutoTopUpRule, bool> ends, CancellationToken cancel)
    {
        if (await transaction.Db.AutoTopUpRules.FirstOrDefaultAsync(r => r.AccountId == payment.AccountId, cancel) is { Enabled: true } rule && ends(rule))
        {
            (rule.Enabled, rule.Returned) = (false, true);
        }
    }
}
