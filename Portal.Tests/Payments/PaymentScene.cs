using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Cards;
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

    /// <summary>Saves a card on the hosted page, which confirms with the bank where the card asks for it, and comes back.</summary>
    public async Task<SavedCardView> SaveCardAsync(string number = "4242424242424242", string expiry = "12/34", Caller? caller = null)
    {
        var person = caller ?? Customer;
        var desk = Host.Get<CardDesk>();
        var page = await desk.Add(person, new AddCardRequest($"{Guid.NewGuid():N}", Host.Address, "en"), TestContext.Current.CancellationToken);
        Assert.Null(page.Refusal);
        var (status, location, _) = await Host.PayAsync(page.Value.Segments[^1], number, expiry);
        Assert.Equal(303, status);
        if (location!.StartsWith("/sandbox/authenticate/", StringComparison.Ordinal)) await Host.AuthenticateAsync(location, confirm: true);
        Assert.Null((await desk.Refresh(person, TestContext.Current.CancellationToken)).Refusal);
        return (await CardsAsync(person)).First(c => c.Last4 == number[^4..]);
    }

    public async Task<IReadOnlyList<SavedCardView>> CardsAsync(Caller? caller = null) =>
        (await Host.Get<CardDesk>().Read(caller ?? Customer, TestContext.Current.CancellationToken)).Value;

    /// <summary>Charges the default card with nobody there.</summary>
    public Task<ChargeOutcome> ChargeAsync(decimal amount = 100, string key = "renewal-1", PaymentPurpose purpose = PaymentPurpose.Renewal) =>
        Host.Get<OffSessionCharges>().Charge(Customer.AccountId, Money.FromAmount(amount), purpose, key, TestContext.Current.CancellationToken);

    public async Task<Outcome<RefundView>> RefundAsync(Guid paymentId, string amount, Guid? refundId = null, string reason = "Asked for it", Caller? caller = null) =>
        await Host.Get<RefundDesk>().Request(
            caller ?? Staff, new RefundRequest(refundId ?? Guid.CreateVersion7(), paymentId, amount, reason), TestContext.Current.CancellationToken);

    /// <summary>Somebody else of the staff, as the database knows them.</summary>
    public async Task<Caller> HireAsync(string role = Roles.Support, string? email = null)
    {
        var person = await OpenAccountAsync();
        await using var db = Host.Database.Open();
        var group = await db.Roles.FirstOrDefaultAsync(r => r.Name == role) ?? db.Roles.Add(new IdentityRole<Guid>(role) { Id = Guid.NewGuid(), NormalizedName = role.ToUpperInvariant() }).Entity;
        db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = person.PersonId, RoleId = group.Id });
        if (email is not null) (await db.Users.SingleAsync(p => p.Id == person.PersonId)).Email = email;
        await db.SaveChangesAsync();
        return person with { IsSupport = role == Roles.Support, IsAdministrator = role == Roles.Administrator, Email = email ?? person.Email };
    }

    /// <summary>What the customer can refund of a payment alone.</summary>
    public async Task<OwnRefund> OwnAsync(Guid paymentId) =>
        (await Host.Get<PaymentHistory>().Find(Customer, paymentId, TestContext.Current.CancellationToken)).Value.Own!;

    public async Task<Outcome<RefundView>> RefundOwnAsync(Guid paymentId, decimal shown, Guid? refundId = null, Caller? caller = null) => await Host.Get<RefundDesk>().RequestOwn(
        caller ?? Customer, new OwnRefundRequest(refundId ?? Guid.CreateVersion7(), paymentId, Money.FromAmount(shown), "Changed my mind"), TestContext.Current.CancellationToken);

    /// <summary>Burns purchased credit, as prompts do.</summary>
    public async Task SpendAsync(decimal amount) => Assert.True(await TrySpendAsync(amount));

    public async Task<bool> TrySpendAsync(decimal amount)
    {
        var key = $"{Guid.NewGuid():N}";
        var spent = await Host.Get<LedgerWriter>().Apply(new Draw(
            Customer.AccountId, key, key, "spent", Unit.Money, Money.FromAmount(amount).Nanos, [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)));
        return spent.Refusal is null;
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
