using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger;

public sealed class LedgerWriterTests : IAsyncDisposable
{
    private readonly FakeTime time = new(Now);
    private readonly WalletEvents events = new();
    private TestDatabase database = null!;
    private LedgerWriter ledger = null!;
    private Guid wallet;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F10_The_same_key_twice_at_once_is_done_once_and_with_another_body_refused(DatabaseProvider provider)
    {
        await Start(provider);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ledger.Apply(TopUp(wallet, 1000, "same")))));

        Assert.All(results, r => Assert.Null(r.Refusal));
        Assert.Single(results, r => !r.Value.Replayed);
        Assert.Equal("idempotency.mismatch", (await ledger.Apply(TopUp(wallet, 1001, "same"))).Refusal?.Code);
        Assert.Equal(1000, (await View()).Spendable.Nanos);
        await AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F9_Spends_top_ups_and_refunds_at_once_leave_the_balance_that_their_transfers_add_up_to(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(TopUp(wallet, 1000 * NanosPerToken, "first"));

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var hold = Guid.NewGuid();
            switch (i % 3)
            {
                case 0: await Done(TopUp(wallet, 10 * NanosPerToken, $"t{i}")); break;
                case 1: await Done(Hold(wallet, hold, 7)); await Done(Settle(wallet, hold, 5)); break;
                default: await Done(Refund(hold, 3 * NanosPerToken)); await Done(i % 2 == 0 ? new PostHold(wallet, hold) : new VoidHold(wallet, hold)); break;
            }
        })));

        Assert.Equal((1000 + (20 * 10) - (20 * 5) - (10 * 3)) * NanosPerToken, (await View()).Spendable.Nanos);
        await AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_refusal_takes_every_row_of_its_transaction_back(DatabaseProvider provider)
    {
        await Start(provider);
        var told = 0;
        using var listening = events.Subscribe(wallet, () => told++);

        var outcome = await ledger.Run<Done>(async tx =>
        {
            await tx.Apply(TopUp(wallet, 1000, "topup"));
            return new Refusal("changed-my-mind");
        });

        Assert.Equal("changed-my-mind", outcome.Refusal?.Code);
        Assert.Equal((0, 0L), (told, (await View()).Spendable.Nanos));
        await Done(TopUp(wallet, 1000, "topup"));
        await Until.TrueAsync("the listener was told once", () => Task.FromResult(told == 1));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_engine_itself_refuses_an_overdraft(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(TopUp(wallet, 1000, "topup"));
        await using var db = database.Open();

        await Assert.ThrowsAnyAsync<Exception>(() => db.LedgerAccounts.Where(a => a.Code == LedgerCodes.CreditPurchased)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Held, 1001), TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_preview_says_what_the_hold_will_take_and_reserves_nothing(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(Grant(wallet, Unit.Tokens, 30, Now.AddDays(9), "allowance"));
        await Done(TopUp(wallet, 100 * NanosPerToken, "topup"));
        var reader = new WalletReader(database.Factory, time);
        var prompt = Hold(wallet, Guid.NewGuid(), 50);

        var (preview, missing) = await reader.Preview(prompt);
        Assert.Null(missing);
        Assert.Equal(0, (await View()).Held.Nanos);
        Assert.Equal((await Done(prompt)).Quote!.Parts, preview.Parts);
        Assert.Equal("funds.short", (await reader.Preview(Hold(wallet, Guid.NewGuid(), 500))).Missing?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_hold_on_several_sources_is_settled_by_a_node_that_has_only_read_it(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(Grant(wallet, Unit.Tokens, 30, Now.AddDays(9), "allowance"));
        await Done(TopUp(wallet, 100 * NanosPerToken, "topup"));
        var hold = Guid.NewGuid();
        await Done(Hold(wallet, hold, 50));

        var settled = await new LedgerWriter(database.Factory, time, events).Apply(Settle(wallet, hold, 40));

        Assert.Equal([(LedgerCodes.Allowance, 30), (LedgerCodes.CreditPurchased, 10 * NanosPerToken)], settled.Value.Parts.Select(p => (p.Source, p.Amount)));
        Assert.Equal(90 * NanosPerToken, (await View()).Spendable.Nanos);
        await AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_hold_that_the_database_knows_as_resolved_is_not_resolved_again(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(TopUp(wallet, 100 * NanosPerToken, "topup"));
        var hold = Guid.NewGuid();
        await Done(Hold(wallet, hold, 50));
        await using (var db = database.Open()) await db.Holds.ExecuteUpdateAsync(set => set.SetProperty(h => h.State, HoldState.Voided), TestContext.Current.CancellationToken);

        Assert.Equal("hold.resolved", (await ledger.Apply(Settle(wallet, hold, 50))).Refusal?.Code);

        await using var after = database.Open();
        Assert.False(await after.UsageRecords.AnyAsync(TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_applied_to_a_wallet_that_another_node_has_changed_is_applied_again(DatabaseProvider provider)
    {
        await Start(provider);
        await Done(TopUp(wallet, 10 * NanosPerToken, "first"));
        await Done(Hold(wallet, Guid.NewGuid(), 10));
        var other = new LedgerWriter(database.Factory, time, events);
        Assert.Null((await other.Apply(TopUp(wallet, 15 * NanosPerToken, "second"))).Refusal);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ledger.Apply(Hold(wallet, Guid.NewGuid(), 1))));

        Assert.Equal(15, outcomes.Count(o => o.Refusal is null));
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal("funds.short", o.Refusal!.Code));
        Assert.Equal((25 * NanosPerToken, 0L), ((await View()).Held.Nanos, (await View()).Spendable.Nanos));
    }

    [Fact]
    public async Task A_wallet_that_is_not_there_is_not_found()
    {
        await Start(DatabaseProvider.Sqlite);

        Assert.Equal(Refusal.NotFound, (await ledger.Apply(TopUp(Guid.NewGuid(), 1, "x"))).Refusal);
        Assert.Equal(Refusal.NotFound, (await ledger.Apply(new VoidHold(wallet, Guid.NewGuid()))).Refusal);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    private Draw Refund(Guid hold, long nanos) => new(
        wallet, $"refund:{hold}", $"{hold}", "refund", Unit.Money, nanos, [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: hold);

    private async Task Start(DatabaseProvider provider)
    {
        database = await TestDatabase.CreateAsync(provider);
        ledger = new LedgerWriter(database.Factory, time, events);
        await using var db = database.Open();
        var person = new Person { Id = Guid.NewGuid(), UserName = "owner@example.com" };
        db.Users.Add(person);
        wallet = AccountOpener.Open(db, AccountKind.Personal, "Wallet", person.Id, Now).Id;
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<LedgerResult> Done(LedgerCommand command)
    {
        var outcome = await ledger.Apply(command);
        Assert.Null(outcome.Refusal);
        return outcome.Value;
    }

    private Task<WalletView> View() => new WalletReader(database.Factory, time).Read(wallet);

    private async Task AssertBooks()
    {
        await using var db = database.Open();
        var accounts = await db.LedgerAccounts.AsNoTracking().ToListAsync();
        var transfers = await db.Transfers.AsNoTracking().ToListAsync();
        Assert.Equal(0, accounts.Where(a => a.Unit == Unit.Money).Sum(a => a.Balance));
        foreach (var account in accounts)
        {
            var moved = transfers.Where(t => t.Kind is TransferKind.Immediate or TransferKind.Post).ToList();
            Assert.Equal(account.Balance, moved.Where(t => t.CreditId == account.Id).Sum(t => t.Amount) - moved.Where(t => t.DebitId == account.Id).Sum(t => t.Amount));
            Assert.Equal(0, account.Held);
        }
    }
}
