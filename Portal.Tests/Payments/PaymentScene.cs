using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Refunds;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>A customer, a member of the support staff and the portal's payments, driven as their pages drive them.</summary>
internal sealed class PaymentScene : IAsyncDisposable
{
    private PaymentScene(PaymentsHost host, Caller customer, Caller staff)
    {
        Host = host;
        Customer = customer;
        Staff = staff;
    }

    public PaymentsHost Host { get; }

    public Caller Customer { get; }

    public Caller Staff { get; }

    public static async Task<PaymentScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var host = await PaymentsHost.StartAsync(provider);
        return new PaymentScene(host, await OpenAsync(host), await OpenAsync(host) with { IsSupport = true });
    }

    public Task<Caller> OpenAccountAsync() => OpenAsync(Host);

    /// <summary>Starts a top-up; the form's key is new unless given.</summary>
    public async Task<Outcome<Uri>> StartAsync(string amount, string? formKey = null, Caller? caller = null) => await Host.Get<TopUps>().Start(
        caller ?? Customer, new TopUpRequest(amount, formKey ?? $"{Guid.NewGuid():N}", Host.Address, "en", "Credit"), TestContext.Current.CancellationToken);

    /// <summary>Starts a top-up and pays it on the hosted page; no webhook is delivered.</summary>
    public async Task<Payment> PayAsync(string amount = "100", string card = "4242424242424242")
    {
        var started = await StartAsync(amount);
        Assert.Null(started.Refusal);
        var session = started.Value.Segments[^1];
        await Host.PayAsync(session, card);
        return (await PaymentsAsync()).First(p => p.SessionId == session);
    }

    /// <summary>As <see cref="PayAsync"/>, with the webhooks delivered.</summary>
    public async Task<Payment> TopUpAsync(string amount = "100", string card = "4242424242424242")
    {
        var payment = await PayAsync(amount, card);
        await Host.DeliverAsync();
        return await PaymentAsync(payment.Id);
    }

    public async Task<Outcome<RefundView>> RefundAsync(Guid paymentId, string amount, Guid? refundId = null, string reason = "Asked for it", Caller? caller = null) =>
        await Host.Get<RefundDesk>().Request(
            caller ?? Staff, new RefundRequest(refundId ?? Guid.CreateVersion7(), paymentId, amount, reason), TestContext.Current.CancellationToken);

    /// <summary>Burns purchased credit, as prompts do.</summary>
    public async Task SpendAsync(decimal amount)
    {
        var key = $"{Guid.NewGuid():N}";
        var spent = await Host.Get<LedgerWriter>().Apply(new Draw(
            Customer.AccountId, key, key, "spent", Unit.Money, Money.FromAmount(amount).Nanos, [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)));
        Assert.Null(spent.Refusal);
    }

    public async Task<Payment> PaymentAsync(Guid id)
    {
        await using var db = Host.Database.Open();
        return await db.Payments.AsNoTracking().Include(p => p.Refunds).FirstAsync(p => p.Id == id);
    }

    public async Task<List<Payment>> PaymentsAsync()
    {
        await using var db = Host.Database.Open();
        return await db.Payments.AsNoTracking().Include(p => p.Refunds).Where(p => p.AccountId == Customer.AccountId).ToListAsync();
    }

    /// <summary>Spendable money of the customer.</summary>
    public async Task<decimal> BalanceAsync() => (await Host.Get<WalletReader>().Read(Customer.AccountId)).Spendable.Amount;

    public async Task<List<string>> DocumentsAsync()
    {
        await using var db = Host.Database.Open();
        return await db.Invoices.Where(i => i.AccountId == Customer.AccountId).OrderBy(i => i.Number).Select(i => i.Number + " " + i.TotalNanos / 1_000_000_000).ToListAsync();
    }

    /// <summary>The books are proved after every test that moves money.</summary>
    public async ValueTask DisposeAsync()
    {
        await Books.AssertClean(Host.Database.Factory, Host.Time);
        await Host.DisposeAsync();
    }

    private static async Task<Caller> OpenAsync(PaymentsHost host)
    {
        var (account, seat) = await Books.OpenAccount(host.Database.Factory, host.Time);
        await using var db = host.Database.Open();
        var project = await db.Projects.FirstAsync(p => p.AccountId == account.Id);
        return new Caller(seat.PersonId, "customer@example.com", "Somebody", account.Id, AccountKind.Personal, account.Name, account.TimeZone, seat.Id, seat.Role, project.Id, null, false, false);
    }
}
