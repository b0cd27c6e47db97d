using Microsoft.Playwright;
using Portal.Tests.Components.Documents;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Billing;

/// <summary>A document from the plan that was bought to the file with the company's title, in both languages.</summary>
public sealed class InvoicePagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    /// <summary>Markup in a title is text, on the page and on paper.</summary>
    private const string Title = "上海<b>云朵</b>有限公司";

    [Theory]
    [InlineData("en", "Choose Basic", "Pay ¥99.00", "See the invoice", "Request an invoice", "A tax number is needed", "Basic, one month", "All lines as CSV", "Billing details", "Save")]
    [InlineData("zh-CN", "选择基础版", "支付 ¥99.00", "查看发票", "申请开票", "此操作需要税号", "基础版，一个月", "导出明细 CSV", "开票信息", "保存")]
    public async Task A_company_puts_its_title_on_an_invoice_and_takes_it_home(
        string language, string choose, string pay, string see, string request, string refused, string line, string csv, string details, string save)
    {
        var (visitor, _) = await ArriveWithCreditAsync(new Look(language), 200);
        await visitor.GoToAsync("/plans");
        await visitor.ClickAsync(choose);
        await visitor.ClickAsync(pay);
        await visitor.DialogClosedAsync();
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = see }).ClickAsync();
        await Expect(visitor.Content.Locator("article.document")).ToBeVisibleAsync();

        await visitor.ClickAsync(request);
        var dialog = visitor.Page.Locator(".rz-dialog");
        await dialog.Locator("#buyer-title").FillAsync(Title);
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Expect(dialog).ToContainTextAsync(refused);
        await dialog.Locator("#buyer-tax-id").FillAsync("91310000ma1k35xx0a");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await visitor.DialogClosedAsync();
        await Expect(visitor.Content.Locator("article.document")).ToContainTextAsync("91310000MA1K35XX0A");
        await Expect(visitor.Content.Locator("article.document")).ToContainTextAsync(Title);
        await Expect(visitor.Content.GetByRole(AriaRole.Button, new() { Name = request })).ToHaveCountAsync(0);

        var texts = PdfText.Of(await DownloadAsync(visitor, "a[href$='document.pdf']"));
        Assert.Contains(Title, texts);
        Assert.Contains(line, texts);

        await visitor.GoToAsync("/invoices");
        await visitor.ClickAsync(details);
        await dialog.Locator("#buyer-title").FillAsync("=1+1 Ltd");
        await dialog.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
        await visitor.DialogClosedAsync();
        await Expect(visitor.Content.GetByRole(AriaRole.Link, new() { Name = csv })).ToBeVisibleAsync();
        var file = System.Text.Encoding.UTF8.GetString(await DownloadAsync(visitor, "a[href$='lines.csv']"));
        Assert.Contains("91310000MA1K35XX0A,plan,image-basic", file, StringComparison.Ordinal);
        await Books.AssertClean(App.Database.Factory);
    }

    private static async Task<byte[]> DownloadAsync(Visitor visitor, string link)
    {
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Content.Locator(link).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
