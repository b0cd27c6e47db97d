using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data.Payments;

namespace Portal.Payments.AutoTopUps;

/// <summary>
/// Switches the rule off when an automatic top-up goes back or is contested: the balance falls by it, and the card would be charged again at once.
/// </summary>
internal static class AutoTopUpSwitch
{
    public static async Task Off(LedgerTransaction transaction, Payment payment, CancellationToken cancel)
    {
        if (payment.Purpose == PaymentPurpose.AutoTopUp
            && await transaction.Db.AutoTopUpRules.FirstOrDefaultAsync(r => r.AccountId == payment.AccountId, cancel) is { Enabled: true } rule)
        {
            (rule.Enabled, rule.Returned) = (false, true);
        }
    }
}
