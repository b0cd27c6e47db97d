using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Support;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.OnAccount;

/// <summary>Statements of what was used on account: written, reminded, blocked, paid.</summary>
public sealed class OnAccountRunTests : IAsyncDisposable
{
    private readonly ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_month_has_one_statement_and_its_payment_comes_first(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await OnAccountAsync(scene, 100);
        Assert.Equal(0, await Run(scene).Run());
        await UseAsync(scene, ada, 60);
        Assert.Equal(0, await Run(scene).Run());

        // A month is over at midnight of the account's clock, on the last of July in UTC.
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero));
        Assert.Equal(1, (await Task.WhenAll(Run(scene).Run(), Run(scene.At(scene.Time)).Run())).Sum());
        Assert.Equal(0, await Run(scene).Run());
        var statement = Assert.Single((await ReadAsync(scene, ada))!.Statements);
        Assert.Equal(("2026-07", 60m, 60m, 60m), (statement.Month, statement.Used.Amount, statement.Owed.Amount, statement.Left.Amount));
        Assert.Equal(scene.Time.GetUtcNow().AddDays(14), statement.DueAt);

        var document = (await new InvoiceReader(scene.Databases).Read(ada, statement.InvoiceId!.Value)).Value;
        Assert.Equal(("STM-2026-000001", InvoiceStatus.Open, 60m, 0m), (document.Number, document.Status, document.Total.Amount, document.Tax.Amount));
        Assert.Equal("invoice.statement", (await scene.Voids.Void(await scene.OpenAccountAsync() with { IsSupport = true }, document.Id, "Asked for it")).Refusal?.Code);

        await UseAsync(scene, ada, 5);
        await RepayAsync(scene, ada, 25);
        Assert.Equal(35m, (await ReadAsync(scene, ada))!.Statements[0].Left.Amount);
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 8, 31, 16, 0, 0, TimeSpan.Zero));
        await Run(scene).Run();

        var august = (await ReadAsync(scene, ada))!.Statements[0];
        Assert.Equal(("2026-08", 60m, 5m, 25m, 40m), (august.Month, august.Before.Amount, august.Used.Amount, august.Repaid.Amount, august.Owed.Amount));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_overdue_blocks_further_use_until_it_is_paid_and_the_agreed_limit_comes_back(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await OverdueAsync(scene);

        var blocked = (await ReadAsync(scene, ada))!;
        Assert.Equal((true, 100m, 60m), (blocked.Blocked, blocked.Limit.Amount, blocked.Owed.Amount));
        Assert.Equal("funds.short", (await TryAsync(scene, ada, 0.01m)).Refusal?.Code);

        // A part of it frees nothing.
        await RepayAsync(scene, ada, 59);
        Assert.Equal("funds.short", (await TryAsync(scene, ada, 0.01m)).Refusal?.Code);
        await RepayAsync(scene, ada, 1);

        var free = (await ReadAsync(scene, ada))!;
        Assert.Equal((false, 100m, 0m), (free.Blocked, free.Limit.Amount, free.Owed.Amount));
        Assert.Equal(InvoiceStatus.Paid, Assert.Single((await new InvoiceReader(scene.Databases).List(ada, 10)).Value, i => i.Kind == InvoiceKind.Statement).Status);
        Assert.Null((await TryAsync(scene, ada, 100)).Refusal);
        await using var db = scene.Open();
        Assert.Equal(["Issued", "Overdue", "Reminder"], (await db.OutboxMails.Where(m => m.DedupKey.StartsWith("on-account.")).Select(m => m.DedupKey).ToListAsync()).Select(k => k.Split(':')[0][11..]).Order());
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_given_back_pays_a_statement_as_a_top_up_does_whatever_the_clock_says(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await OnAccountAsync(scene, 100);
        await Run(scene).Run();
        await UseAsync(scene, ada, 60);
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero));
        await Run(scene).Run();

        // A transaction that began before the statement's and waited for it has an earlier clock.
        await GiveBackAsync(scene.At(new FakeTime(scene.Time.GetUtcNow().AddSeconds(-1))), ada, 25);
        await UseAsync(scene, ada, 25);
        Assert.Equal((60m, 35m), ((await ReadAsync(scene, ada))!.Owed.Amount, (await ReadAsync(scene, ada))!.Statements[0].Left.Amount));
        await RepayAsync(scene, ada, 35);

        Assert.Equal((25m, 0m), ((await ReadAsync(scene, ada))!.Owed.Amount, (await ReadAsync(scene, ada))!.Statements[0].Left.Amount));
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 8, 31, 16, 0, 0, TimeSpan.Zero));
        await Run(scene).Run();
        var august = (await ReadAsync(scene, ada))!;
        Assert.Equal((60m, 25m, 60m, 25m, false), (august.Statements[0].Before.Amount, august.Statements[0].Used.Amount, august.Statements[0].Repaid.Amount, august.Owed.Amount, august.Blocked));
        await scene.AssertBooksAsync();

        await using var db = scene.Open();
        await db.PostpaidStatements.Where(s => s.OwedNanos > 0).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastTransferId, 0));
        Assert.Contains("postpaid.credited", (await new BookVerifier(scene.Databases, scene.Time).Verify()).Findings.Select(f => f.Rule));
    }

    [Fact]
    public async Task A_limit_that_an_administrator_agrees_on_lifts_the_block_and_is_not_undone()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await OverdueAsync(scene);
        var admin = await scene.OpenAccountAsync() with { IsAdministrator = true };

        Assert.Null((await new AccountTerms(scene.Ledger).Set(admin, ada.AccountId, false, 0, Money.FromAmount(80), "They pay on Friday.")).Refusal);
        await Run(scene).Run();

        Assert.Null((await TryAsync(scene, ada, 20)).Refusal);
        await RepayAsync(scene, ada, 80);
        Assert.Equal(80m, (await ReadAsync(scene, ada))!.Limit.Amount);
        await scene.AssertBooksAsync();

        await using var db = scene.Open();
        await db.PostpaidStatements.Where(s => s.OwedNanos > 0).ExecuteUpdateAsync(set => set.SetProperty(s => s.UsedNanos, s => s.UsedNanos + 1));
        await db.Payments.ExecuteUpdateAsync(set => set.SetProperty(p => p.AmountNanos, 1));
        var rules = (await new BookVerifier(scene.Databases, scene.Time).Verify()).Findings.Select(f => f.Rule).ToHashSet();
        Assert.Subset(rules, new HashSet<string> { "postpaid.statement", "postpaid.repaid" });
    }

    [Fact]
    public async Task Who_pays_before_they_use_has_nothing_of_it_and_members_do_not_see_it()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 10);
        var member = await scene.JoinAsync(ada, Portal.Data.Accounts.MemberRole.Member);
        Assert.Equal(0, await Run(scene).Run());

        Assert.Null(await ReadAsync(scene, ada));
        Assert.Equal(Refusal.Forbidden, (await new OnAccountReader(scene.Databases, scene.Time).Read(member)).Refusal);
    }

    public ValueTask DisposeAsync() => words.DisposeAsync();

    private async Task<Caller> OverdueAsync(BillingScene scene)
    {
        var ada = await OnAccountAsync(scene, 100);
        await Run(scene).Run();
        await UseAsync(scene, ada, 60);
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero));
        await Run(scene).Run();
        scene.Time.Advance(TimeSpan.FromDays(11));
        await Run(scene).Run();
        scene.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, await Run(scene).Run());
        Assert.Equal(0, await Run(scene).Run());
        return ada;
    }

    private OnAccountRun Run(BillingScene scene) => new(
        scene.Databases, scene.Ledger, new OnAccountLetters(new Letters(words.GetRequiredService<IStringLocalizer<LetterText>>()), words.GetRequiredService<IStringLocalizer<OnAccountText>>()),
        Options.Create(new OnAccountOptions()), NullLogger<OnAccountRun>.Instance);

    private static async Task<OnAccountView?> ReadAsync(BillingScene scene, Caller caller) => (await new OnAccountReader(scene.Databases, scene.Time).Read(caller)).Value;

    private static async Task<Caller> OnAccountAsync(BillingScene scene, decimal limit)
    {
        var ada = await scene.OpenAccountAsync();
        Assert.Null((await scene.Ledger.Apply(new SetPostpaidLimit(ada.AccountId, Money.FromAmount(limit).Nanos))).Refusal);
        return ada;
    }

    private static async Task UseAsync(BillingScene scene, Caller caller, decimal amount) => Assert.Null((await TryAsync(scene, caller, amount)).Refusal);

    private static Task<Outcome<LedgerResult>> TryAsync(BillingScene scene, Caller caller, decimal amount)
    {
        var key = $"{Guid.NewGuid():N}";
        return scene.Ledger.Apply(new Draw(
            caller.AccountId, key, key, "spent", Unit.Money, Money.FromAmount(amount).Nanos, [LedgerCodes.Postpaid], new AccountRef(LedgerCodes.RevenueUsage, Unit.Money)));
    }

    /// <summary>What the staff do with a charge on account.</summary>
    private static async Task GiveBackAsync(BillingScene scene, Caller caller, decimal amount)
    {
        var outcome = await scene.Ledger.Run<Done>(async transaction =>
        {
            var book = (await transaction.Lock(caller.AccountId))!;
            var legs = RepaidMoney.Legs(book, new AccountRef(LedgerCodes.RevenueUsage, Unit.Money), new AccountRef(LedgerCodes.Postpaid, Unit.Money), Money.FromAmount(amount).Nanos, "spent.back", "spent.back-repaid");
            if (!(await transaction.Apply(new Move(caller.AccountId, "back", "back", [.. legs]))).IsDone(out var refusal)) return refusal;
            await OpenStatements.Settle(transaction, caller.AccountId, judge: false, default);
            return new Done();
        });
        Assert.Null(outcome.Refusal);
    }

    /// <summary>What a top-up does with what is owed.</summary>
    private static async Task RepayAsync(BillingScene scene, Caller caller, decimal amount)
    {
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        var payment = await Books.TopUp(scene.Databases, scene.Time, caller.AccountId, amount, scene.Events);
        var outcome = await scene.Ledger.Run<Done>(async transaction =>
        {
            var leg = new Leg(
                new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.Postpaid, Unit.Money), Money.FromAmount(amount).Nanos, TransferCodes.Repaid);
            if (!(await transaction.Apply(new Move(caller.AccountId, $"repaid:{payment:N}", $"{payment}", [leg]))).IsDone(out var refusal)) return refusal;
            await OpenStatements.Settle(transaction, caller.AccountId, judge: false, default);
            return new Done();
        });
        Assert.Null(outcome.Refusal);
    }
}
