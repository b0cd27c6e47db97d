using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Payments;
using Portal.Payments.Disputes;

namespace Portal.Support;

/// <summary>Collects what the staff see of one account.</summary>
public sealed class CustomerFile(IDbContextFactory<PortalDb> databases, WalletReader wallets, PaymentHistory payments, TicketDesk tickets, TimeProvider clock)
{
    private const int RowsMost = 50;

    public async Task<Outcome<CustomerView>> Read(Caller caller, Guid accountId, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == accountId, cancel) is not { } account)
        {
            return Refusal.NotFound;
        }

        var wallet = await wallets.Read(accountId, cancel);
        return new CustomerView(
            accountId, account.Name, account.Kind, account.CreatedAt,
            new CustomerTerms(account.Education, account.ContractMonths, new Money(-(wallet.Accounts.FirstOrDefault(a => a.Code == LedgerCodes.Postpaid)?.Floor ?? 0))),
            await Members(db, accountId, cancel), wallet, await Plan(db, accountId, cancel), await Payments(caller, accountId, wallet.Purchased, cancel),
            await Usage(db, accountId, cancel), await wallets.History(accountId, RowsMost, cancel), await Invoices(db, accountId, cancel),
            await tickets.Of(db, accountId, RowsMost, cancel), await Deeds(db, accountId, cancel))
        {
            Owed = await DisputeDebt.Owed(db, accountId, cancel),
        };
    }

    /// <summary>One charged request, whosever it is.</summary>
    public async Task<Outcome<CustomerRequest>> Request(Caller caller, Guid requestId, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var row = await db.UsageRecords.AsNoTracking().Where(u => u.Id == requestId)
            .Join(db.Users, u => u.PersonId, p => p.Id, (u, p) => new { u.Id, u.At, p.Email, u.Model, u.Finish, ByKey = u.ApiKeyId != null, u.Receipt, u.AccountId })
            .FirstOrDefaultAsync(cancel);
        return row is null ? Refusal.NotFound : new CustomerRequest(
            row.AccountId, await db.Accounts.Where(a => a.Id == row.AccountId).Select(a => a.Name).SingleAsync(cancel),
            new CustomerUsage(row.Id, row.At, row.Email!, row.Model, row.Finish, row.ByKey, LedgerJson.ReadReceipt(row.Receipt)),
            await db.UsageReturns.Where(r => r.Id == requestId)
                .Select(r => new CustomerReturn(r.At, db.Users.Where(u => u.Id == r.PersonId).Select(u => u.Email).FirstOrDefault() ?? "", new Money(r.Nanos), r.Units, r.Reason)).FirstOrDefaultAsync(cancel));
    }

    private async Task<List<CustomerMember>> Members(PortalDb db, Guid accountId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return await db.Memberships.AsNoTracking().Where(m => m.AccountId == accountId)
            .OrderBy(m => m.RemovedAt != null).ThenByDescending(m => m.Role).ThenBy(m => m.Person.Email)
            .Select(m => new CustomerMember(
                m.Id, m.PersonId, m.Person.DisplayName, m.Person.Email!, m.Role, m.Person.EmailConfirmed, m.Person.LockoutEnd > now, m.CreatedAt, m.RemovedAt))
            .ToListAsync(cancel);
    }

    private static Task<CustomerPlan?> Plan(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.Subscriptions.AsNoTracking().Where(s => s.AccountId == accountId && s.Status != SubscriptionStatus.Canceled)
            .Select(s => new CustomerPlan(s.Plan.NameEn, s.Plan.NameZh, s.Status, s.PeriodStart, s.PeriodEnd, s.CancelAtPeriodEnd)).FirstOrDefaultAsync(cancel);

    /// <summary>As their owner sees them, but what can be refunded is also no more than what is unspent.</summary>
    private async Task<List<PaymentView>> Payments(Caller caller, Guid accountId, Money unspent, CancellationToken cancel) =>
        [.. (await payments.Read(caller, accountId, RowsMost, cancel)).Value.Select(p => p with { Refundable = WholeMinorUnits(p.Refundable < unspent ? p.Refundable : unspent) })];

    /// <summary>Gateways move whole minor units: a fraction of one stays.</summary>
    private static Money WholeMinorUnits(Money amount) => new(amount.Nanos - (amount.Nanos % Money.FromMinorUnits(1).Nanos));

    private static async Task<List<CustomerUsage>> Usage(PortalDb db, Guid accountId, CancellationToken cancel)
    {
        var rows = await db.UsageRecords.AsNoTracking().Where(u => u.AccountId == accountId).OrderByDescending(u => u.At).Take(RowsMost)
            .Join(db.Users, u => u.PersonId, p => p.Id, (u, p) => new { u.Id, u.At, p.Email, u.Model, u.Finish, ByKey = u.ApiKeyId != null, u.Receipt })
            .OrderByDescending(u => u.At).ToListAsync(cancel);
        return rows.ConvertAll(u => new CustomerUsage(u.Id, u.At, u.Email!, u.Model, u.Finish, u.ByKey, LedgerJson.ReadReceipt(u.Receipt)));
    }

    private static Task<List<CustomerInvoice>> Invoices(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.Invoices.AsNoTracking().Where(i => i.AccountId == accountId).OrderByDescending(i => i.IssuedAt).ThenByDescending(i => i.Number).Take(RowsMost)
            .Select(i => new CustomerInvoice(i.Id, i.Number, i.Kind, i.IssuedAt, new Money(i.TotalNanos), i.Status)).ToListAsync(cancel);

    private static Task<List<CustomerDeed>> Deeds(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.AuditEntries.AsNoTracking().Where(a => a.AccountId == accountId).OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Take(RowsMost)
            .Join(db.Users, a => a.PersonId, p => p.Id, (a, p) => new { a, p }).OrderByDescending(x => x.a.At).ThenByDescending(x => x.a.Id)
            .Select(x => new CustomerDeed(x.a.At, x.p.Email!, x.a.Action, x.a.Detail, x.a.Reason)).ToListAsync(cancel);
}
