using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Invoices;

public sealed class InvoiceWriterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private const long Fen = Money.NanosPerUnit / 100;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Each_kind_and_year_counts_from_one(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var account = (await scene.OpenAccountAsync()).AccountId;

        var first = await IssueAsync(scene, Draft(account, InvoiceKind.Plan, "a"));
        var second = await IssueAsync(scene, Draft(account, InvoiceKind.Plan, "b"));
        var receipt = await IssueAsync(scene, Draft(account, InvoiceKind.TopUp, "a"));
        var note = await IssueAsync(scene, Draft(account, InvoiceKind.CreditNote, "a"));
        scene.Time.Advance(TimeSpan.FromDays(365));
        var next = await IssueAsync(scene, Draft(account, InvoiceKind.Plan, "c"));

        Assert.Equal(["INV-2026-000001", "INV-2026-000002", "RCP-2026-000001", "CN-2026-000001", "INV-2027-000001"],
            new[] { first, second, receipt, note, next }.Select(i => i.Number));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Parallel_writers_get_numbers_without_gap_or_double(DatabaseProvider provider)
    {
        const int Writers = 6;
        const int Each = 5;
        await using var scene = await BillingScene.CreateAsync(provider);
        var accounts = new List<Guid>();
        for (var i = 0; i < Writers; i++) accounts.Add((await scene.OpenAccountAsync()).AccountId);

        // Every second transaction is rolled back after it has taken its number.
        await Task.WhenAll(accounts.Select(account => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var draft = Draft(account, InvoiceKind.Plan, $"{account:N}:{i}");
                await scene.Ledger.Run<Done>(async tx =>
                {
                    await InvoiceWriter.Issue(tx, draft);
                    return new Refusal("rolled-back");
                });
                await IssueAsync(scene, draft);
            }
        })));

        await using var db = scene.Open();
        var sequences = await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.Sequence).ToListAsync();
        Assert.Equal(Enumerable.Range(1, Writers * Each), sequences);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_reference_has_one_document_of_a_kind(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var account = (await scene.OpenAccountAsync()).AccountId;

        var once = await IssueAsync(scene, Draft(account, InvoiceKind.TopUp, "payment"));
        var twice = await IssueAsync(scene, Draft(account, InvoiceKind.TopUp, "payment"));

        Assert.Equal(once.Number, twice.Number);
        await using var db = scene.Open();
        Assert.Equal(1, await db.Invoices.CountAsync());
        Assert.Equal(1, await db.Set<InvoiceLine>().CountAsync());
    }

    [Theory]
    [InlineData("2026-12-31T15:59:59Z", "Asia/Shanghai", 2026)]
    [InlineData("2026-12-31T16:00:00Z", "Asia/Shanghai", 2027)]
    [InlineData("2027-01-01T04:59:59Z", "America/New_York", 2026)]
    public async Task The_year_of_a_number_is_the_buyers(string now, string zone, int year)
    {
        await using var scene = await BillingScene.CreateAsync(time: new FakeTime(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
        var account = (await scene.OpenAccountAsync(zone: zone)).AccountId;

        Assert.Equal(year, (await IssueAsync(scene, Draft(account, InvoiceKind.Plan, "a"))).Year);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_tax_of_the_price_list_in_force_is_in_the_price_of_a_plan_and_not_in_a_receipt(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var shipped = CatalogLoader.ReadShipped();
        await new CatalogLoader(scene.Databases, scene.Time).Load(shipped with { Version = 2, EffectiveFrom = scene.Time.GetUtcNow().AddDays(1), TaxPercent = 6 }, Cancel);
        var ada = await scene.OpenAccountAsync(credit: 1000);

        var untaxed = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;
        scene.Time.Advance(TimeSpan.FromDays(2));
        var taxed = (await scene.ChooseAsync(ada, "image-advanced")).Value.InvoiceId!.Value;
        var receipt = await IssueAsync(scene, Draft(ada.AccountId, InvoiceKind.TopUp, "a"));

        await using var db = scene.Open();
        var invoices = await db.Invoices.ToDictionaryAsync(i => i.Id, Cancel);
        Assert.Equal((0m, 0L), (invoices[untaxed].TaxPercent, invoices[untaxed].TaxNanos));
        var total = invoices[taxed].TotalNanos / Fen;
        Assert.Equal((6m, decimal.Round(total * 6 / 106m) * Fen), (invoices[taxed].TaxPercent, invoices[taxed].TaxNanos));
        Assert.Equal((0m, 0L), (receipt.TaxPercent, receipt.TaxNanos));
        await Books.AssertClean(scene.Databases, scene.Time, "outbox.unsent", "payment.receipt");
    }

    [Fact]
    public async Task The_total_is_in_whole_minor_units_and_the_residue_is_booked()
    {
        await using var scene = await BillingScene.CreateAsync();
        var account = (await scene.OpenAccountAsync(credit: 1000)).AccountId;
        var draft = new InvoiceDraft(account, InvoiceKind.Plan, "p", [new("plan", "image-advanced", 399 * Money.NanosPerUnit), new("credit", "image-basic", -41_236_789_012)]);

        var invoice = (await scene.Ledger.Run<Invoice>(async tx =>
        {
            var fee = await tx.Apply(new Draw(account, "fee", "p", "plan.fee", Unit.Money, draft.TotalNanos, [LedgerCodes.CreditPurchased], new(LedgerCodes.RevenuePlan, Unit.Money)));
            return fee.IsDone(out var refusal) ? await InvoiceWriter.Issue(tx, draft) : refusal;
        })).Value;

        Assert.Equal(35776 * Fen, invoice.TotalNanos);
        Assert.Equal([39900 * Fen, -4124 * Fen], invoice.Lines.Select(l => l.AmountNanos));
        await using var db = scene.Open();
        var balances = await db.LedgerAccounts.Where(a => a.WalletId == account).ToDictionaryAsync(a => a.Code, a => a.Balance);
        Assert.Equal(draft.ExactNanos, balances[LedgerCodes.RevenuePlan]);
        Assert.Equal(invoice.TotalNanos - draft.ExactNanos, balances[LedgerCodes.Rounding]);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public void B13_the_last_line_absorbs_what_rounding_the_others_left()
    {
        var third = new InvoiceDraft.Line("refund", "", 33_333_333_333);
        var draft = new InvoiceDraft(Guid.Empty, InvoiceKind.CreditNote, "r", [third, third, third]);

        Assert.Equal([3333 * Fen, 3333 * Fen, 3334 * Fen], draft.RoundedLines());
        Assert.Equal(10000 * Fen, draft.TotalNanos);
    }

    private static InvoiceDraft Draft(Guid account, InvoiceKind kind, string reference) =>
        new(account, kind, reference, [new InvoiceDraft.Line("plan", "image-basic", 99 * Money.NanosPerUnit)]);

    private static async Task<Invoice> IssueAsync(BillingScene scene, InvoiceDraft draft) =>
        (await scene.Ledger.Run<Invoice>(async tx => await InvoiceWriter.Issue(tx, draft))).Value;
}
