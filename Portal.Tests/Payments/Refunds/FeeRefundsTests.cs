using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.OnAccount;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Refunds;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Refunds;

/// <summary>A plan's fee that goes back to the balance; rows B13 and B17 of the money bugs.</summary>
public sealed class FeeRefundsTests
{
    private const string Plan = "image-basic";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B13_four_credit_notes_that_would_add_up_to_335_00_leave_an_invoice_of_334_99_at_zero(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var invoice = await ChooseAsync(scene, topUp: "400", fee: 284.99m, extra: 50m);

        var given = new List<decimal>();
        for (var quarter = 0; quarter < 4; quarter++) given.Add((await RefundAsync(scene, invoice.Id, "83.75")).Value.Amount.Amount);
        var fifth = await RefundAsync(scene, invoice.Id, "0.01");

        Assert.Equal([83.75m, 83.75m, 83.75m, 83.74m], given);
        Assert.Equal("refund.nothing-left", fifth.Refusal?.Code);
        Assert.Equal(400, await scene.BalanceAsync());
        var notes = await NotesAsync(scene, invoice.Id);
        Assert.Equal((-invoice.TotalNanos, -invoice.TaxNanos), (notes.Sum(n => n.TotalNanos), notes.Sum(n => n.TaxNanos)));
        Assert.All(invoice.Lines, line => Assert.Equal(-line.AmountNanos, notes.SelectMany(n => n.Lines).Where(l => l.CreditsId == line.Id).Sum(l => l.AmountNanos)));
        Assert.All(notes, n => Assert.Equal(6, n.TaxPercent));
        Assert.Equal(18.96m, new Money(invoice.TaxNanos).Amount);
    }

    [Fact]
    public async Task B13_thirds_of_an_invoice_with_one_cent_of_tax_never_credit_more_tax_than_it_had()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "100", fee: 0.20m, extra: 0);

        for (var part = 0; part < 3; part++) await RefundAsync(scene, invoice.Id, "0.07");

        var notes = await NotesAsync(scene, invoice.Id);
        Assert.Equal([70_000_000, 70_000_000, 60_000_000], notes.Select(n => -n.TotalNanos));
        Assert.Equal(-invoice.TaxNanos, notes.Sum(n => n.TaxNanos));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B17_a_refunded_plan_ends_with_its_allowance_and_is_never_invoiced_again(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var invoice = await ChooseAsync(scene, topUp: "100", fee: 99m, extra: 0);
        var preview = (await scene.Host.Get<RefundDesk>().PreviewFee(scene.Staff, invoice.Id, null, Cancel)).Value;

        var refund = await RefundAsync(scene, invoice.Id, "99", endsPlan: true);
        scene.Host.Time.Advance(TimeSpan.FromDays(40));
        await scene.Host.Get<RenewalRun>().Run(Cancel);

        Assert.Equal((99m, 1m, 100m, "Basic", 500L), (preview.Amount.Amount, preview.Before.Amount, preview.After.Amount, preview.EndsPlan, preview.UnspentUnits));
        Assert.Equal(RefundStatus.Succeeded, refund.Value.Status);
        Assert.Equal(100, await scene.BalanceAsync());
        await using var db = scene.Host.Database.Open();
        Assert.Equal(1, await db.Invoices.CountAsync(i => i.Kind == InvoiceKind.Plan, Cancel));
        Assert.Equal(SubscriptionStatus.Canceled, (await db.Subscriptions.SingleAsync(Cancel)).Status);
        Assert.Equal(0, await db.LedgerAccounts.Where(a => a.Code == LedgerCodes.Allowance).SumAsync(a => a.Balance, Cancel));
        Assert.Equal("refund.nothing-left", (await RefundAsync(scene, invoice.Id, "99")).Refusal?.Code);
    }

    [Fact]
    public async Task B17_a_refund_whose_credit_note_cannot_be_written_moves_nothing()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "100", fee: 99m, extra: 0);
        await using (var db = scene.Host.Database.Open())
        {
            // The next number is taken, so the note cannot be stored.
            db.Invoices.Add(new Invoice
            {
                Id = Guid.NewGuid(), AccountId = scene.Customer.AccountId, Kind = InvoiceKind.Plan, Year = 1999, Sequence = 1, Number = "CN-2026-000001", BuyerName = "x", Reference = "x",
                Lines = [new InvoiceLine { Kind = "topup", Detail = "" }],
            });
            await db.SaveChangesAsync(Cancel);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => RefundAsync(scene, invoice.Id, "99", endsPlan: true));

        Assert.Equal(1, await scene.BalanceAsync());
        await using var after = scene.Host.Database.Open();
        Assert.Equal(0, await after.Refunds.CountAsync(Cancel));
        Assert.Equal(SubscriptionStatus.Active, (await after.Subscriptions.SingleAsync(Cancel)).Status);
    }

    [Fact]
    public async Task Granted_credit_comes_back_as_granted_credit_and_never_to_a_card()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var end = scene.Host.Time.GetUtcNow().AddDays(5);
        await GrantAsync(scene, 30, end);
        var invoice = await ChooseAsync(scene, topUp: "100", fee: 99m, extra: 0);

        await RefundAsync(scene, invoice.Id, "80");
        var early = await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId, Cancel);
        scene.Host.Time.Advance(TimeSpan.FromDays(6));
        var late = await RefundAsync(scene, invoice.Id, "19");

        Assert.Equal((100m, 11m), (early.Purchased.Amount, new Money(early.Available(Unit.Money, LedgerCodes.CreditGranted)).Amount));
        Assert.Equal("refund.expired", late.Refusal?.Code);
        await scene.Host.Get<ExpiryRun>().Run(Cancel);
    }

    [Fact]
    public async Task A_fee_beyond_the_limit_waits_and_is_booked_once_when_somebody_agrees()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "1000", fee: 999m, extra: 0);
        var id = Guid.CreateVersion7();

        var asked = await RefundAsync(scene, invoice.Id, "700", refundId: id);
        var again = await RefundAsync(scene, invoice.Id, "700", refundId: id);
        var more = await RefundAsync(scene, invoice.Id, "300");
        var before = await scene.BalanceAsync();
        var approved = await scene.Host.Get<RefundApprovals>().Approve(await scene.HireAsync(), id, Cancel);

        Assert.Equal((RefundStatus.AwaitingApproval, id, "refund.above-payment", 51m), (asked.Value.Status, again.Value.Id, more.Refusal?.Code, before));
        Assert.Equal((RefundStatus.Succeeded, 751m), (approved.Value.Status, await scene.BalanceAsync()));
    }

    [Theory]
    [InlineData("10.005", "money.decimals")]
    [InlineData("-5", "money.not-positive")]
    [InlineData("1e30", "money.not-a-number")]
    [InlineData("$5", "money.not-a-number")]
    [InlineData("99.05", "refund.above-payment")]
    public async Task A_wrong_amount_moves_nothing_and_says_why_in_the_preview_too(string amount, string code)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "100", fee: 99m, extra: 0);

        Assert.Equal(code, (await RefundAsync(scene, invoice.Id, amount)).Refusal?.Code);
        Assert.Equal(code, (await scene.Host.Get<RefundDesk>().PreviewFee(scene.Staff, invoice.Id, amount, Cancel)).Value.Wrong?.Code);
        Assert.Equal(Refusal.NotFound, (await scene.Host.Get<RefundDesk>().PreviewFee(scene.Customer, invoice.Id, amount, Cancel)).Refusal);
        Assert.Equal(1, await scene.BalanceAsync());
    }

    [Fact]
    public async Task B15_what_was_refunded_is_worth_nothing_when_the_plan_is_left_early()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "1000", fee: 99m, extra: 0);
        await RefundAsync(scene, invoice.Id, "99");

        var quote = (await scene.Host.Get<PlanDesk>().Quote(scene.Customer, "image-advanced", cancel: Cancel)).Value;

        Assert.Equal((Money.Zero, 399m), (quote.Credit, quote.Total.Amount));
    }

    [Fact]
    public async Task What_an_upgrade_credited_already_is_not_given_back_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var invoice = await ChooseAsync(scene, topUp: "1000", fee: 99m, extra: 0);
        var desk = scene.Host.Get<PlanDesk>();
        var quote = (await desk.Quote(scene.Customer, "image-advanced", cancel: Cancel)).Value;
        Assert.Null((await desk.Choose(scene.Customer, quote, "up", Cancel)).Refusal);
        var before = await scene.BalanceAsync();

        var refund = await RefundAsync(scene, invoice.Id, "99");

        Assert.True(quote.Credit.Amount > 98m);
        Assert.NotNull(refund.Refusal);
        Assert.Equal(before, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_paid_on_account_lowers_the_debt_and_what_was_repaid_since_is_the_customers_own(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await new CatalogLoader(scene.Host.Database.Factory, scene.Host.Time).Load(Cancel);
        var account = scene.Customer.AccountId;
        Assert.Null((await scene.Host.Get<LedgerWriter>().Apply(new SetPostpaidLimit(account, Money.FromAmount(200).Nanos))).Refusal);
        var desk = scene.Host.Get<PlanDesk>();
        Assert.Null((await desk.Choose(scene.Customer, (await desk.Quote(scene.Customer, Plan, cancel: Cancel)).Value, "on account", Cancel)).Refusal);
        await using var db = scene.Host.Database.Open();
        var (invoice, fee) = (await db.Invoices.SingleAsync(i => i.Kind == InvoiceKind.Plan, Cancel), Money.FromAmount(99).Nanos);
        await scene.Host.Get<LedgerWriter>().Run<Done>(
            async transaction =>
            {
                var statement = new PostpaidStatement { AccountId = account, Month = "2026-06", UsedNanos = fee, OwedNanos = fee, IssuedAt = transaction.Now, DueAt = transaction.Now.AddDays(14) };
                statement.InvoiceId = (await InvoiceWriter.Issue(transaction, StatementDraft.Of(statement), Cancel)).Id;
                transaction.Db.PostpaidStatements.Add(statement);
                return new Done();
            },
            Cancel);
        scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await scene.TopUpAsync("60");

        Assert.Null((await RefundAsync(scene, invoice.Id, "30")).Refusal);
        var debt = await scene.Host.Get<WalletReader>().Read(account, Cancel);
        Assert.Null((await RefundAsync(scene, invoice.Id, "69")).Refusal);

        var wallet = await scene.Host.Get<WalletReader>().Read(account, Cancel);
        Assert.Equal((0m, -9m), (debt.Purchased.Amount, new Money(debt.Accounts.Single(a => a.Code == LedgerCodes.Postpaid).Balance).Amount));
        Assert.Equal((60m, 0), (wallet.Purchased.Amount, wallet.Accounts.Single(a => a.Code == LedgerCodes.Postpaid).Balance));
        Assert.Equal("refund.nothing-left", (await RefundAsync(scene, invoice.Id, "1")).Refusal?.Code);
        Assert.NotNull((await db.PostpaidStatements.AsNoTracking().SingleAsync(Cancel)).PaidAt);
    }

    /// <summary>Tops up and chooses a plan of this price.</summary>
    private static async Task<Invoice> ChooseAsync(PaymentScene scene, string topUp, decimal fee, decimal extra)
    {
        await new CatalogLoader(scene.Host.Database.Factory, scene.Host.Time).Load(Cancel);
        await using var db = scene.Host.Database.Open();
        await db.Plans.Where(p => p.Key == Plan).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.PriceNanos, Money.FromAmount(fee).Nanos).SetProperty(p => p.ExtraConcurrentNanos, Money.FromAmount(extra).Nanos).SetProperty(p => p.TrialDays, 0), Cancel);
        await db.RateCards.ExecuteUpdateAsync(set => set.SetProperty(c => c.TaxPercent, 6), Cancel);
        await scene.TopUpAsync(topUp);
        var desk = scene.Host.Get<PlanDesk>();
        var quote = (await desk.Quote(scene.Customer, Plan, extra > 0 ? new PlanExtras(0, 1) : null, cancel: Cancel)).Value;
        Assert.Null((await desk.Choose(scene.Customer, quote, $"{Guid.NewGuid():N}", Cancel)).Refusal);
        return await db.Invoices.AsNoTracking().Include(i => i.Lines).SingleAsync(i => i.Kind == InvoiceKind.Plan, Cancel);
    }

    private static async Task<Outcome<RefundView>> RefundAsync(PaymentScene scene, Guid invoice, string amount, bool endsPlan = false, Guid? refundId = null) => await scene.Host.Get<RefundDesk>().RequestFee(
        scene.Staff, new FeeRefundRequest(refundId ?? Guid.CreateVersion7(), invoice, amount, endsPlan, "The model was down"), Cancel);

    private static async Task<List<Invoice>> NotesAsync(PaymentScene scene, Guid invoice)
    {
        await using var db = scene.Host.Database.Open();
        return await db.Invoices.AsNoTracking().Include(i => i.Lines).Where(i => i.CreditsId == invoice).OrderBy(i => i.Sequence).ToListAsync(Cancel);
    }

    private static async Task GrantAsync(PaymentScene scene, decimal amount, DateTimeOffset end)
    {
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, Guid.NewGuid(), end), Money.FromAmount(amount).Nanos, "goodwill");
        Assert.Null((await scene.Host.Get<LedgerWriter>().Apply(new Move(scene.Customer.AccountId, "grant", "grant", [leg]), Cancel)).Refusal);
    }
}
