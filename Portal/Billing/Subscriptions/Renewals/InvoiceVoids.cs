using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>
/// The staff make an invoice void that nobody has paid: it is owed no more, and the plan that waits for it ends. Of one that was paid a credit note is
/// given instead. Money that comes afterwards is credit.
/// </summary>
public sealed class InvoiceVoids(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, Letters letters, IStringLocalizer<PlanMailText> text)
{
    /// <summary>In the audit; its subject is the invoice's id.</summary>
    public const string Action = "invoice.voided";

    /// <param name="reason">At most <see cref="Reason.LengthMax"/> characters; the customer does not see it.</param>
    public async Task<Outcome<Done>> Void(Caller caller, Guid invoiceId, string reason, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        reason = PlainText.Of(reason);
        if (Reason.WhyNot(reason) is { } missing) return missing;
        Guid accountId;
        await using (var db = databases.CreateDbContext())
        {
            accountId = await db.Invoices.Where(i => i.Id == invoiceId).Select(i => i.AccountId).FirstOrDefaultAsync(cancel);
        }

        return accountId == Guid.Empty ? Refusal.NotFound : await ledger.Run<Done>(transaction => Void(transaction, caller, accountId, invoiceId, reason, cancel), cancel);
    }

    private async Task<Outcome<Done>> Void(LedgerTransaction transaction, Caller caller, Guid accountId, Guid invoiceId, string reason, CancellationToken cancel)
    {
        // Whoever pays it waits here, or was first.
        await transaction.Lock(accountId, cancel);
        var db = transaction.Db;
        if (await OwnAccounts.IsOwn(db, caller.PersonId, accountId, cancel))
        {
            return new Refusal("adjust.own");
        }

        var invoice = await db.Invoices.SingleAsync(i => i.Id == invoiceId, cancel);
        if (invoice is not { Status: InvoiceStatus.Open, Kind: InvoiceKind.Plan })
        {
            return new Refusal(invoice.Status == InvoiceStatus.Void ? "invoice.void" : invoice.Kind == InvoiceKind.Statement ? "invoice.statement" : "invoice.paid", invoice.Number);
        }

        invoice.Settle(VoidCause.Support, transaction.Now);
        if (await PaidPeriod.Live(db, accountId, cancel) is { Status: SubscriptionStatus.PastDue } live)
        {
            await PlanDesk.End(transaction, live, transaction.Now, cancel);
        }

        db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = caller.PersonId, AccountId = accountId, Action = Action, Subject = $"{invoiceId}", Detail = invoice.Number,
            Before = "open", After = "void", Reason = reason,
        });
        await letters.ToBilling(db, accountId, $"{Action}:{invoiceId:N}", transaction.Now, () =>
        {
            object[] arguments = [invoice.Number, new Money(invoice.TotalNanos).ToTwoDecimals()];
            return new LetterWords(text["VoidedSubject", arguments], [text["Voided", arguments], text["VoidedNext", arguments]]);
        }, cancel);
        return default(Done);
    }
}
