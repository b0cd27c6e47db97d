using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Support.Audit;

namespace Portal.Tests.Fixtures;

/// <summary>Accounts and money for tests, made the way the portal makes them, and the proof that the books still add up.</summary>
public static class Books
{
    /// <summary>Fails with every finding on a line of its own.</summary>
    /// <param name="clock">The clock of the test; what is overdue is judged by it.</param>
    /// <param name="except">Rules that cannot hold because the test drives the ledger alone, e.g. <c>usage.missing</c>.</param>
    public static async Task AssertClean(IDbContextFactory<PortalDb> databases, TimeProvider? clock = null, params string[] except)
    {
        // A portal's job does it every few seconds; a test's clock has jumped over it.
        await new AuditSealer(databases).Seal();
        var books = await new BookVerifier(databases, clock ?? TimeProvider.System).Verify();
        SourceFile.AssertNone(books.Findings.Where(finding => !except.Contains(finding.Rule)).Select(finding => $"{finding}"));
    }

    /// <summary>A personal account whose owner can sign in with nothing yet: the rows alone.</summary>
    public static async Task<(Account Account, Membership Seat)> OpenAccount(IDbContextFactory<PortalDb> databases, TimeProvider clock, AccountKind kind = AccountKind.Personal)
    {
        await using var db = databases.CreateDbContext();
        var email = $"{Guid.NewGuid():N}@example.com";
        var person = new Person
        {
            Id = Guid.NewGuid(), UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true, DisplayName = "Somebody", CreatedAt = clock.GetUtcNow(),
        };
        db.Users.Add(person);
        var account = AccountOpener.Open(db, kind, "Somebody's", person.Id, clock.GetUtcNow());
        await db.SaveChangesAsync();
        return (account, await db.Memberships.AsNoTracking().SingleAsync(seat => seat.AccountId == account.Id));
    }

    /// <summary>A paid top-up: the payment and its one transfer.</summary>
    /// <returns>The payment's id.</returns>
    public static async Task<Guid> TopUp(IDbContextFactory<PortalDb> databases, TimeProvider clock, Guid walletId, decimal yuan, WalletEvents? events = null)
    {
        var id = Guid.NewGuid();
        var nanos = Money.FromAmount(yuan).Nanos;
        var outcome = await new LedgerWriter(databases, clock, events ?? new WalletEvents()).Run<Done>(async transaction =>
        {
            var leg = new Leg(new AccountRef(LedgerCodes.Clearing, Unit.Money), new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), nanos, "topup");
            var moved = await transaction.Apply(new Move(walletId, $"topup:{id:N}", $"{id:N}", [leg]));
            if (!moved.IsDone(out var refusal)) return refusal;
            transaction.Db.Payments.Add(new Payment
            {
                Id = id, AccountId = walletId, PersonId = Guid.NewGuid(), AmountNanos = nanos, Status = PaymentStatus.Succeeded, FormKey = $"{id:N}",
                CreatedAt = transaction.Now, SucceededAt = transaction.Now,
            });
            return new Done();
        });
        Assert.Null(outcome.Refusal);
        return id;
    }
}
