using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Support.Search;

/// <summary>
/// The desk's one box: takes whatever a customer writes in their letter, an address, a document's number, an id of the portal or of the gateway, the
/// beginning of an API key, and tells by its form what it is.
/// </summary>
public sealed class DeskSearch(IDbContextFactory<PortalDb> databases, CustomerSearch people)
{
    private const int KeysMost = 20;

    /// <summary>A secret of the gateway's or a whole sentence is no id.</summary>
    private const int IdLengthMax = 120;

    public async Task<Outcome<Findings>> Find(Caller caller, string typed, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        var text = PlainText.Of(typed);
        if (text.Length < CustomerSearch.LengthMin)
        {
            return new Refusal("search.short", $"{CustomerSearch.LengthMin}");
        }

        var things = text.Length > IdLengthMax ? [] : await Things(text, cancel);
        if (things.Count > 0)
        {
            return new Findings(things, []);
        }

        return (await people.Find(caller, text, cancel)).IsDone(out var refusal, out var hits) ? new Findings([], hits) : refusal;
    }

    private async Task<List<FoundThing>> Things(string text, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        if (text.StartsWith(KeySecret.Start, StringComparison.Ordinal))
        {
            return await ByKey(db, text, cancel);
        }

        if (Guid.TryParse(text, out var id))
        {
            return await ByOwnId(db, id, cancel);
        }

        return text.Contains('_', StringComparison.Ordinal) ? await ByGatewayId(db, text, cancel) : await ByNumber(db, text, cancel);
    }

    /// <summary>Of a secret that somebody pasted whole only the part is used that pages show too.</summary>
    private static async Task<List<FoundThing>> ByKey(PortalDb db, string secret, CancellationToken cancel)
    {
        var prefix = secret.Length > KeySecret.PrefixLength ? secret[..KeySecret.PrefixLength] : secret;
        var keys = await db.ApiKeys.AsNoTracking().Where(k => k.Prefix.StartsWith(prefix)).OrderByDescending(k => k.CreatedAt).Take(KeysMost)
            .Join(db.Accounts, k => k.AccountId, a => a.Id, (k, a) => new { Key = k, Account = a }).ToListAsync(cancel);
        return keys.ConvertAll(k => Thing(FoundKind.ApiKey, $"{k.Key.Prefix}… {k.Key.Name}", k.Account, k.Key.CreatedAt, null, k.Key.RevokedAt is null ? "KeyActive" : "KeyRevoked", null));
    }

    private static async Task<List<FoundThing>> ByOwnId(PortalDb db, Guid id, CancellationToken cancel)
    {
        var payments = await db.Payments.AsNoTracking().Where(p => p.Id == id).Join(db.Accounts, p => p.AccountId, a => a.Id, (p, a) => Payment(p, a)).ToListAsync(cancel);
        var refunds = await db.Refunds.AsNoTracking().Where(r => r.Id == id).Join(db.Accounts, r => r.AccountId, a => a.Id, (r, a) => Refund(r, a)).ToListAsync(cancel);
        var invoices = await db.Invoices.AsNoTracking().Where(i => i.Id == id).Join(db.Accounts, i => i.AccountId, a => a.Id, (i, a) => Invoice(i, a)).ToListAsync(cancel);
        var tickets = await db.Tickets.AsNoTracking().Where(t => t.Id == id)
            .Join(db.Accounts, t => t.AccountId, a => a.Id, (t, a) => Thing(FoundKind.Ticket, t.Subject, a, t.CreatedAt, null, t.Closed ? "TicketClosed" : "TicketOpen", $"/desk/tickets/{t.Id}")).ToListAsync(cancel);
        var subscriptions = await db.Subscriptions.AsNoTracking().Where(s => s.Id == id)
            .Join(db.Accounts, s => s.AccountId, a => a.Id, (s, a) => Thing(FoundKind.Subscription, s.Plan.Key, a, s.PeriodStart, null, null, null)).ToListAsync(cancel);
        var accounts = await db.Accounts.AsNoTracking().Where(a => a.Id == id).Select(a => Thing(FoundKind.Account, a.Name, a, a.CreatedAt, null, null, null)).ToListAsync(cancel);
        return [.. payments, .. refunds, .. invoices, .. await Requests(db, id, cancel), .. tickets, .. subscriptions, .. accounts];
    }

    /// <summary>The id of a request is its hold's; once it is charged, its usage record's too.</summary>
    private static async Task<List<FoundThing>> Requests(PortalDb db, Guid id, CancellationToken cancel)
    {
        var charged = await db.UsageRecords.AsNoTracking().Where(u => u.Id == id)
            .Join(db.Accounts, u => u.AccountId, a => a.Id, (u, a) => new { u.At, u.ChargedNanos, Account = a }).ToListAsync(cancel);
        if (charged.Count > 0)
        {
            return charged.ConvertAll(u => Thing(FoundKind.Request, $"{id}", u.Account, u.At, new Money(u.ChargedNanos), null, $"/desk/requests/{id}"));
        }

        var holds = await db.Holds.AsNoTracking().Where(h => h.Id == id && h.Quote != null)
            .Join(db.Accounts, h => h.WalletId, a => a.Id, (h, a) => new { h.CreatedAt, h.State, Account = a }).ToListAsync(cancel);
        return holds.ConvertAll(h => Thing(FoundKind.Hold, $"{id}", h.Account, h.CreatedAt, null, $"Hold{h.State}", null));
    }

    /// <summary>As Stripe's dashboard and its receipts name things: <c>pi_…</c>, <c>cs_…</c>, <c>re_…</c>, <c>dp_…</c>.</summary>
    private static async Task<List<FoundThing>> ByGatewayId(PortalDb db, string id, CancellationToken cancel) =>
    [
        .. await db.Payments.AsNoTracking().Where(p => p.PaymentIntentId == id || p.SessionId == id)
            .Join(db.Accounts, p => p.AccountId, a => a.Id, (p, a) => Payment(p, a)).ToListAsync(cancel),
        .. await db.Refunds.AsNoTracking().Where(r => r.GatewayId == id)
            .Join(db.Accounts, r => r.AccountId, a => a.Id, (r, a) => Refund(r, a)).ToListAsync(cancel),
        .. await db.Disputes.AsNoTracking().Where(d => d.Id == id)
            .Join(db.Accounts, d => d.AccountId, a => a.Id, (d, a) => Thing(FoundKind.Dispute, d.Id, a, d.OpenedAt, new Money(d.AmountNanos), null, null)).ToListAsync(cancel),
    ];

    private static Task<List<FoundThing>> ByNumber(PortalDb db, string text, CancellationToken cancel)
    {
        var number = text.ToUpperInvariant();
        return db.Invoices.AsNoTracking().Where(i => i.Number == number)
            .Join(db.Accounts, i => i.AccountId, a => a.Id, (i, a) => Invoice(i, a)).ToListAsync(cancel);
    }

    private static FoundThing Payment(Payment payment, Account account) => Thing(
        FoundKind.Payment, payment.PaymentIntentId ?? $"{payment.Id}", account, payment.CreatedAt, new Money(payment.AmountNanos), $"Payment{payment.Status}", null);

    private static FoundThing Refund(Refund refund, Account account) => Thing(
        FoundKind.Refund, refund.GatewayId ?? $"{refund.Id}", account, refund.CreatedAt, new Money(refund.AmountNanos), $"Refund{refund.Status}", null);

    private static FoundThing Invoice(Invoice invoice, Account account) => Thing(
        FoundKind.Invoice, invoice.Number, account, invoice.IssuedAt, new Money(invoice.TotalNanos), null, null);

    /// <param name="href">Null: the customer's file shows it.</param>
    private static FoundThing Thing(FoundKind kind, string id, Account account, DateTimeOffset at, Money? amount, string? state, string? href) =>
        new(kind, id, account.Id, account.Name, at, amount, state, href ?? $"/desk/{account.Id}");
}
