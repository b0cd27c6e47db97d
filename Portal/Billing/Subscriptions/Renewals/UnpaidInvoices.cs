using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>
/// The invoice of a renewal that the balance could not pay: open while its plan waits for the money, paid with the period, and void as soon as the plan
/// ends or something else is to be paid.
/// </summary>
internal static class UnpaidInvoices
{
    /// <summary>Makes void what asks for something else than is to be paid for these periods now.</summary>
    public static async Task Replace(LedgerTransaction transaction, IReadOnlyList<NewPeriod> periods, IReadOnlyList<InvoiceDraft?> drafts, CancellationToken cancel)
    {
        var waiting = periods.Where(p => p.Subscription.PastDueSince is not null).Select(p => p.Subscription.AccountId).ToList();
        if (waiting.Count == 0)
        {
            return;
        }

        var wanted = drafts.OfType<InvoiceDraft>().ToDictionary(d => d.Reference);
        foreach (var invoice in await Open(transaction.Db).Where(i => waiting.Contains(i.AccountId)).Include(i => i.Lines).ToListAsync(cancel))
        {
            if (wanted.GetValueOrDefault(invoice.Reference)?.IsSaidBy(invoice) != true)
            {
                invoice.Settle(VoidCause.Replaced, transaction.Now);
            }
        }

        // Before another takes its reference.
        await transaction.Db.SaveChangesAsync(cancel);
    }

    /// <summary>The plan ended before it was paid.</summary>
    public static async Task End(LedgerTransaction transaction, Guid accountId, CancellationToken cancel)
    {
        foreach (var invoice in await Open(transaction.Db).Where(i => i.AccountId == accountId).ToListAsync(cancel))
        {
            invoice.Settle(VoidCause.PlanEnded, transaction.Now);
        }
    }

    /// <summary>Only plans' invoices wait for the balance; at most one an account.</summary>
    private static IQueryable<Invoice> Open(PortalDb db) => db.Invoices.Where(i => i.Kind == InvoiceKind.Plan && i.Status == InvoiceStatus.Open);
}
