using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Verification;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Verification;

public sealed class ProvedSinceTests
{
    private readonly FakeTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Only_what_happened_since_then_is_read_and_the_rest_is_said(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await new HonestBooks(database, time).Write();
        await Execute(database, """UPDATE "UsageRecords" SET "ChargedNanos" = "ChargedNanos" + 1""");

        var read = await new BookVerifier(database.Factory, time).Verify(since: time.GetUtcNow().AddDays(1), cancel: Cancel);

        SourceFile.AssertNone(read.Findings.Select(finding => $"{finding}"));
        Assert.StartsWith(
            "10 accounts, 0 transfers, 3 holds, 0 usage records, 2 payments, 4 invoices since 2026-07-02 04:00:00Z (not proved: transfers, usage and documents of before, ",
            $"{read}", StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_account_is_held_by_open_holds_of_any_age(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await new HonestBooks(database, time).Write();
        await Execute(database, """UPDATE "LedgerAccounts" SET "Held" = "Held" + 1 WHERE "Code" = 'credit.purchased'""");

        var read = await new BookVerifier(database.Factory, time).Verify(since: time.GetUtcNow().AddDays(1), cancel: Cancel);

        Assert.Equal("account.held", Assert.Single(read.Findings).Rule);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_hold_of_before_that_ended_since_is_judged_by_all_its_rows(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        await Books.TopUp(database.Factory, time, account.Id, 20m);
        var ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        var hold = await Ask(ledger, account, seat);
        time.Advance(TimeSpan.FromDays(2));
        Assert.Null((await ledger.Apply(Settle(account.Id, hold, 900), Cancel)).Refusal);
        var since = time.GetUtcNow().AddDays(-1);

        var honest = await new BookVerifier(database.Factory, time).Verify(since: since, cancel: Cancel);
        await Execute(database, """UPDATE "Holds" SET "Sources" = '' """);
        var corrupted = await new BookVerifier(database.Factory, time).Verify(since: since, cancel: Cancel);

        SourceFile.AssertNone(honest.Findings.Select(finding => $"{finding}"));
        Assert.Equal(1, honest.UsageRecords);
        Assert.Equal("transfer.resolution", Assert.Single(corrupted.Findings).Rule);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Books_that_are_written_to_meanwhile_are_proved_as_they_were(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        await Books.TopUp(database.Factory, time, account.Id, 20m);
        var ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        await using var snapshot = await BookSnapshot.Open(database.Factory, Cancel);

        var hold = await Ask(ledger, account, seat);
        Assert.Null((await ledger.Apply(Settle(account.Id, hold, 900), Cancel)).Refusal);
        var read = await BookVerifier.Verify(snapshot, time.GetUtcNow(), VerifierLimits.Default, null, null, Cancel);

        Assert.Equal("2 accounts, 1 transfers, 0 holds, 0 usage records, 1 payments, 0 invoices: clean", $"{read}");
    }

    private static async Task<Guid> Ask(LedgerWriter ledger, Account account, Membership seat)
    {
        var id = Guid.CreateVersion7();
        Assert.Null((await ledger.Apply(Hold(account.Id, id, 1000, seat.Id, life: TimeSpan.FromDays(3)), Cancel)).Refusal);
        return id;
    }

    private static async Task Execute(TestDatabase database, string sql)
    {
        await using var db = database.Open();
        Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(sql, Cancel));
    }
}
