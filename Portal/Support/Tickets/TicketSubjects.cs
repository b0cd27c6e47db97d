using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Data.Usage;

namespace Portal.Support.Tickets;

/// <summary>The payments, invoices and charges that a letter can name: its writer's own, and what they may see of their account.</summary>
public sealed class TicketSubjects(IDbContextFactory<PortalDb> databases)
{
    private const int Most = 10;

    /// <summary>The newest of each kind.</summary>
    public async Task<IReadOnlyList<TicketSubject>> List(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return
        [
            .. await Named(Payments(db, caller).OrderByDescending(p => p.CreatedAt).Take(Most)).ToListAsync(cancel),
            .. await Named(Invoices(db, caller).OrderByDescending(i => i.IssuedAt).Take(Most)).ToListAsync(cancel),
            .. await Named(Charges(db, caller).OrderByDescending(u => u.At).Take(Most)).ToListAsync(cancel),
        ];
    }

    /// <summary>Whether the caller may name it.</summary>
    internal static Task<bool> Owns(PortalDb db, Caller caller, TicketLink link, CancellationToken cancel) => link.Kind switch
    {
        TicketAbout.Payment => Payments(db, caller).AnyAsync(p => p.Id == link.Id, cancel),
        TicketAbout.Invoice => Invoices(db, caller).AnyAsync(i => i.Id == link.Id, cancel),
        TicketAbout.Charge => Charges(db, caller).AnyAsync(u => u.Id == link.Id, cancel),
        _ => Task.FromResult(false),
    };

    /// <summary>What a ticket is about, for whoever may read it: its writer might name it.</summary>
    internal static Task<TicketSubject?> Of(PortalDb db, Ticket ticket, CancellationToken cancel) => ticket.About switch
    {
        TicketAbout.Payment => Named(db.Payments.Where(p => p.Id == ticket.AboutId)).FirstOrDefaultAsync(cancel),
        TicketAbout.Invoice => Named(db.Invoices.Where(i => i.Id == ticket.AboutId)).FirstOrDefaultAsync(cancel),
        TicketAbout.Charge => Named(db.UsageRecords.Where(u => u.Id == ticket.AboutId)).FirstOrDefaultAsync(cancel),
        _ => Task.FromResult<TicketSubject?>(null),
    };

    private static IQueryable<Payment> Payments(PortalDb db, Caller caller) =>
        db.Payments.AsNoTracking().Where(p => p.AccountId == caller.AccountId && caller.ManagesBilling);

    private static IQueryable<Invoice> Invoices(PortalDb db, Caller caller) =>
        db.Invoices.AsNoTracking().Where(i => i.AccountId == caller.AccountId && caller.ManagesBilling);

    private static IQueryable<UsageRecord> Charges(PortalDb db, Caller caller) =>
        db.UsageRecords.AsNoTracking().Where(u => u.AccountId == caller.AccountId && (caller.ManagesBilling || u.MembershipId == caller.MembershipId));

    private static IQueryable<TicketSubject> Named(IQueryable<Payment> payments) =>
        payments.Select(p => new TicketSubject(TicketAbout.Payment, p.Id, p.CreatedAt, new Money(p.AmountNanos), ""));

    private static IQueryable<TicketSubject> Named(IQueryable<Invoice> invoices) =>
        invoices.Select(i => new TicketSubject(TicketAbout.Invoice, i.Id, i.IssuedAt, new Money(i.TotalNanos), i.Number));

    private static IQueryable<TicketSubject> Named(IQueryable<UsageRecord> charges) =>
        charges.Select(u => new TicketSubject(TicketAbout.Charge, u.Id, u.At, new Money(u.ChargedNanos), u.Model));
}
