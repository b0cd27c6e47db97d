using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Billing.Invoices;

/// <summary>Whom an account's documents are issued to: from now on, or one that was issued without a tax id. For those who manage its billing.</summary>
public sealed class BuyerDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public async Task<Outcome<BuyerDetails>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.Accounts.Where(a => a.Id == caller.AccountId)
            .Select(a => new BuyerDetails(a.BuyerTitle ?? a.Name, a.BuyerTaxId, a.BuyerAddress)).SingleAsync(cancel);
    }

    /// <summary>For every document that is issued from now on.</summary>
    public async Task<Outcome<Done>> Save(Caller caller, BuyerDetails details, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        if (!details.Checked().IsDone(out var refusal, out var buyer))
        {
            return refusal;
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var changed = await db.Accounts
            .Where(a => a.Id == caller.AccountId && (a.BuyerTitle != buyer.Title || a.BuyerTaxId != buyer.TaxId || a.BuyerAddress != buyer.Address))
            .ExecuteUpdateAsync(
                set => set.SetProperty(a => a.BuyerTitle, buyer.Title).SetProperty(a => a.BuyerTaxId, buyer.TaxId).SetProperty(a => a.BuyerAddress, buyer.Address), cancel);
        return await Audited(db, transaction, caller, changed, "buyer.changed", $"{caller.AccountId}", buyer, cancel);
    }

    /// <summary>Puts title and tax id on an invoice or a receipt that was issued without. Once: a document that names a tax id stays as it is.</summary>
    public async Task<Outcome<Done>> FillIn(Caller caller, Guid invoiceId, BuyerDetails details, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (!caller.ManagesBilling) return Refusal.NotFound;
        if (!details.Checked().IsDone(out var refusal, out var buyer))
        {
            return refusal;
        }

        if (buyer.TaxId is null)
        {
            return new Refusal("buyer.tax-id-missing");
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var document = db.Invoices.Where(
            i => i.Id == invoiceId && i.AccountId == caller.AccountId && i.Status != InvoiceStatus.Void && (i.Kind == InvoiceKind.Plan || i.Kind == InvoiceKind.TopUp || i.Kind == InvoiceKind.Statement));
        var filled = await document.Where(i => i.BuyerTaxId == null).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.BuyerName, buyer.Title).SetProperty(i => i.BuyerTaxId, buyer.TaxId).SetProperty(i => i.BuyerAddress, buyer.Address), cancel);
        if (filled == 1 || await document.AnyAsync(i => i.BuyerName == buyer.Title && i.BuyerTaxId == buyer.TaxId && i.BuyerAddress == buyer.Address, cancel))
        {
            return await Audited(db, transaction, caller, filled, "invoice.filled-in", $"{invoiceId}", buyer, cancel);
        }

        return await document.AnyAsync(cancel) ? new Refusal("buyer.filled-in") : Refusal.NotFound;
    }

    private async Task<Outcome<Done>> Audited(
        PortalDb db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Caller caller, int changed, string action, string subject, BuyerDetails buyer,
        CancellationToken cancel)
    {
        if (changed == 1)
        {
            db.AuditEntries.Add(new AuditEntry
            {
                At = clock.GetUtcNow(), PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = subject,
                Detail = $"{buyer.Title} {buyer.TaxId}".TrimEnd(),
            });
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return default(Done);
    }
}
