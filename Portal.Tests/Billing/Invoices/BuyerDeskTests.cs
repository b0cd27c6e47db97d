using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Tests.Billing.Invoices;

public sealed class BuyerDeskTests
{
    private static readonly BuyerDetails Company = new("上海云朵科技有限公司", "91310000MA1K35XX0A", "浦东新区");

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Documents_from_now_on_are_issued_to_the_title_and_older_ones_stay(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var desk = new BuyerDesk(scene.Databases, scene.Time);
        var reader = new InvoiceReader(scene.Databases);
        var before = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;

        Assert.True((await desk.Save(ada, Company with { TaxId = " 91310000ma1k35xx0a " })).IsDone(out _));
        Assert.True((await desk.Save(ada, Company)).IsDone(out _));
        var after = (await scene.ChooseAsync(ada, "image-advanced")).Value.InvoiceId!.Value;

        Assert.Equal(Company, (await desk.Read(ada)).Value);
        Assert.Equal(Company, (await reader.Read(ada, after)).Value.Buyer);
        Assert.Null((await reader.Read(ada, before)).Value.Buyer.TaxId);
        await using var db = scene.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Action == "buyer.changed"));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_document_is_filled_in_once_and_the_same_words_again_change_nothing(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var desk = new BuyerDesk(scene.Databases, scene.Time);
        var invoice = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;

        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => desk.FillIn(ada, invoice, Company with { Title = $"Title {i}" }))));
        var won = (await new InvoiceReader(scene.Databases).Read(ada, invoice)).Value.Buyer;

        Assert.Single(together, done => done.IsDone(out _));
        Assert.Equal("buyer.filled-in", (await desk.FillIn(ada, invoice, Company)).Refusal?.Code);
        Assert.True((await desk.FillIn(ada, invoice, won)).IsDone(out _));
        await using var db = scene.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Action == "invoice.filled-in"));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Others_find_no_document_and_members_change_no_title()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        var desk = new BuyerDesk(scene.Databases, scene.Time);
        var invoice = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;
        var student = await scene.JoinAsync(ada, MemberRole.Member);

        Assert.Equal(Refusal.NotFound, (await desk.FillIn(await scene.OpenAccountAsync(), invoice, Company)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.FillIn(student, invoice, Company)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.FillIn(ada, Guid.NewGuid(), Company)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Save(student, Company)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Read(student)).Refusal);
    }

    [Theory]
    [InlineData("", "91310000", "", "buyer.title")]
    [InlineData("a\u0000b", "91310000", "", "buyer.title")]
    [InlineData("Ada 🦊", "91310000", "", "buyer.title")]
    [InlineData("Ada", "1234", "", "buyer.tax-id")]
    [InlineData("Ada", "9131000<script>", "", "buyer.tax-id")]
    [InlineData("Ada", "", "", "buyer.tax-id-missing")]
    [InlineData("Ada", "91310000", "a\nb", "buyer.address")]
    public async Task What_cannot_be_printed_is_refused_with_a_sentence(string title, string taxId, string address, string code)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        var invoice = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;
        Assert.Equal(code, (await new BuyerDesk(scene.Databases, scene.Time).FillIn(ada, invoice, new BuyerDetails(title, taxId, address))).Refusal?.Code);
    }

    [Fact]
    public async Task The_lines_of_all_documents_go_into_a_file_that_a_spreadsheet_runs_nothing_of()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await new BuyerDesk(scene.Databases, scene.Time).Save(ada, Company with { Title = "=HYPERLINK(\"http://x\")" });
        await scene.ChooseAsync(ada, "image-basic");
        scene.Time.Advance(TimeSpan.FromDays(1));
        await scene.ChooseAsync(ada, "image-advanced");
        var export = new InvoiceExport(scene.Databases);

        using var file = new MemoryStream();
        Assert.True((await export.Write(ada, file)).IsDone(out _));
        var lines = Encoding.UTF8.GetString(file.ToArray()).TrimEnd().Split("\r\n");
        using var none = new MemoryStream();
        var student = await scene.JoinAsync(await scene.OpenAccountAsync(AccountKind.Organisation), MemberRole.Member);

        Assert.Equal(4, lines.Length);
        Assert.StartsWith("INV-2026-000001,Plan,2026-07-01,\"'=HYPERLINK", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",plan,image-basic,2026-07-01,2026-08-01,99.00,99.00,0,0.00,CNY,paid", lines[1], StringComparison.Ordinal);
        Assert.Equal(Refusal.Forbidden, (await export.Write(student, none)).Refusal);
        Assert.Equal(0, none.Length);
    }
}
