using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Billing.Invoices;
using Portal.Components.Documents;
using Portal.Components.Pages.Invoices;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Components.Documents;

public sealed class InvoicePdfTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_paper_says_what_the_page_says()
    {
        Assert.Equal(
            [
                "Invoice", "Wolkig GmbH", "Am Markt 1", "Tax number DE123456789",
                "Number", "INV-2026-000012", "Date", "1 Jul 2026", "Issued to", "上海云朵科技有限公司", "Tax number", "91310000MA1K35XX0A", "Address", "浦东新区世纪大道 100 号",
                "Amount", "For", "¥399.00", "Advanced, one month", "1 Jul 2026 – 1 Aug 2026", "−¥41.24", "Credit for the rest of Basic",
                "¥337.51", "Net", "¥20.25", "Tax, 6 %", "¥357.76", "Total", "Paid from the balance.",
            ],
            Write(Invoice(), "en"));
    }

    [Fact]
    public void In_Chinese_every_word_is_there()
    {
        var texts = Write(Invoice(), "zh-CN");
        Assert.Contains("进阶版，一个月", texts);
        Assert.Contains("2026年7月1日", texts);
        Assert.Contains("税额（6%）", texts);
    }

    [Fact]
    public void Without_tax_nothing_is_said_of_tax()
    {
        var texts = Write(Invoice() with { TaxPercent = 0, Tax = Money.Zero }, "en");
        Assert.DoesNotContain("Net", texts);
        Assert.Contains("Total", texts);
    }

    [Fact]
    public void Long_names_are_broken_and_many_lines_take_more_pages()
    {
        var title = string.Concat(Enumerable.Repeat("长", 100));
        var lines = Enumerable.Range(1, 60).Select(i => new InvoiceView.Line("topup", $"visa {i:0000}", null, null, null, null, Money.FromMinorUnits(i))).ToList();
        var texts = Write(Invoice() with { Buyer = new BuyerDetails(title, null, null), Lines = lines }, "en");
        Assert.Equal(title, string.Concat(texts.Where(text => text.StartsWith('长'))));
        Assert.True(texts.Count(text => text.StartsWith('长')) > 1);
        Assert.Equal(60, texts.Count(text => text.StartsWith("Top-up of the balance", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_character_that_the_typeface_does_not_have_is_left_out_and_never_an_empty_box()
    {
        var texts = Write(Invoice() with { Buyer = new BuyerDetails("Ada 🦊 \u0007 Ltd", null, null) }, "en");
        Assert.Contains("Ada   Ltd", texts);
        Assert.Equal(0, TrueTypeFont.Regular.Value.GlyphOf(new Rune(0x1F98A)));
        Assert.NotEqual(0, TrueTypeFont.Regular.Value.GlyphOf(new Rune('龘')));
    }

    [Fact]
    public void The_file_carries_only_the_glyphs_that_it_shows()
    {
        var font = TrueTypeFont.Regular.Value;
        var some = "Aé文".EnumerateRunes().Select(font.GlyphOf).ToList();
        Assert.InRange(font.Subset(some).Length, 1_000, 600_000);
        Assert.InRange(Pdf(Invoice(), "en").Length, 5_000, 150_000);
    }

    private static InvoiceView Invoice() => new(
        Guid.NewGuid(), InvoiceKind.Plan, "INV-2026-000012", Noon, "Asia/Shanghai", new BuyerDetails("上海云朵科技有限公司", "91310000MA1K35XX0A", "浦东新区世纪大道 100 号"),
        Money.FromAmount(357.76m), 6, Money.FromAmount(20.25m),
        [
            new("plan", "image-advanced", "Advanced", "进阶版", Noon, Noon.AddMonths(1), Money.FromAmount(399)),
            new("credit", "image-basic", "Basic", "基础版", null, null, Money.FromAmount(-41.24m)),
        ]);

    private static IReadOnlyList<string> Write(InvoiceView invoice, string culture) => PdfText.Of(Pdf(invoice, culture));

    private static byte[] Pdf(InvoiceView invoice, string culture)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
            return new InvoicePdf(
                services.GetRequiredService<IStringLocalizer<InvoicesText>>(), services.GetRequiredService<IStringLocalizer<SharedText>>(),
                Options.Create(new SellerOptions { Name = "Wolkig GmbH", Address = "Am Markt 1", TaxId = "DE123456789" })).Write(invoice);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
