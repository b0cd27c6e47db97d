using System.Text;
using Portal.Billing.Invoices;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions.Renewals;

/// <summary>The invoice of a renewal that the balance could not pay.</summary>
public sealed class UnpaidInvoicesTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task It_is_numbered_and_open_and_the_money_pays_that_same_one(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await PastDueAsync(scene);
        await scene.RenewAsync();

        var (open, document) = await NewestAsync(scene, ada);
        Assert.Equal(("INV-2026-000002", InvoiceStatus.Open, 99m), (open.Number, open.Status, open.Total.Amount));
        Assert.Equal((InvoiceStatus.Open, null), (document.Status, document.SettledAt));
        Assert.Equal(1m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        await scene.AssertBooksAsync();

        scene.Time.Advance(TimeSpan.FromDays(3));
        await scene.TopUpAsync(ada.AccountId, 98);
        Assert.Contains(true, await Task.WhenAll(scene.RetryAsync(ada.AccountId), scene.RetryAsync(ada.AccountId)));

        var (paid, settled) = await NewestAsync(scene, ada);
        Assert.Equal((open.Id, open.IssuedAt, InvoiceStatus.Paid, scene.Time.GetUtcNow()), (paid.Id, paid.IssuedAt, paid.Status, settled.SettledAt));
        Assert.Equal(0m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Another_plan_is_another_invoice_and_the_first_is_void(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await PastDueAsync(scene);
        await scene.TopUpAsync(ada.AccountId, 400);
        scene.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null((await scene.ChooseAsync(ada, "image-advanced")).Refusal);

        var list = (await new InvoiceReader(scene.Databases).List(ada, 10)).Value;
        Assert.Equal(
            [("INV-2026-000003", InvoiceStatus.Paid, 399m), ("INV-2026-000002", InvoiceStatus.Void, 99m), ("INV-2026-000001", InvoiceStatus.Paid, 99m)],
            list.Select(i => (i.Number, i.Status, i.Total.Amount)));
        Assert.Equal(VoidCause.Replaced, (await new InvoiceReader(scene.Databases).Read(ada, list[1].Id)).Value.VoidCause);
        using var csv = new MemoryStream();
        Assert.Null((await new InvoiceExport(scene.Databases).Write(ada, csv)).Refusal);
        Assert.Equal(["status", "paid", "void", "paid"], Encoding.UTF8.GetString(csv.ToArray()).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[^1]));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_tabs_and_the_job_that_pay_it_at_once_pay_it_once(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var ada = await PastDueAsync(scene);
        await scene.TopUpAsync(ada.AccountId, 500);
        var quote = (await scene.Desk.Quote(ada, "image-basic")).Value;

        var tabs = new[] { "one", "two" }.Select(tab => scene.Desk.Choose(ada, quote, tab)).ToList();
        var job = scene.RetryAsync(ada.AccountId);
        var ends = await Task.WhenAll(tabs);

        Assert.Equal(1, ends.Count(e => e.Refusal is null) + (await job ? 1 : 0));
        Assert.All(ends, e => Assert.True(e.Refusal is null or { Code: "plan.quote-stale" or "plan.current" }, $"{e.Refusal}"));
        Assert.Equal(402m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        Assert.Equal(InvoiceStatus.Paid, (await NewestAsync(scene, ada)).Summary.Status);
        await scene.AssertBooksAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_void_when_the_plan_ends(bool canceled)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await PastDueAsync(scene);
        if (canceled)
        {
            Assert.Null((await scene.Desk.Cancel(ada)).Refusal);
        }
        else
        {
            scene.Time.Advance(RenewalRun.Grace);
            await scene.RenewAsync();
        }

        var (newest, view) = await NewestAsync(scene, ada);
        Assert.Equal(("INV-2026-000002", InvoiceStatus.Void, VoidCause.PlanEnded), (newest.Number, newest.Status, view.VoidCause));
        Assert.NotNull((await new BuyerDesk(scene.Databases, scene.Time).FillIn(ada, newest.Id, new BuyerDetails("Ada Ltd", "12345", null))).Refusal);
        await scene.TopUpAsync(ada.AccountId, 500);
        Assert.False(await scene.RetryAsync(ada.AccountId));
        Assert.Equal(501m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        await scene.AssertBooksAsync();
    }

    /// <summary>Basic, one yuan left beside it, and a renewal that was tried in vain.</summary>
    internal static async Task<Caller> PastDueAsync(BillingScene scene)
    {
        var ada = await scene.OpenAccountAsync(credit: 100);
        Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);
        scene.Time.SetUtcNow((await scene.Subscriptions.Current(ada.AccountId))!.PeriodEnd);
        await scene.RenewAsync();
        return ada;
    }

    internal static async Task<(InvoiceSummary Summary, InvoiceView View)> NewestAsync(BillingScene scene, Caller caller)
    {
        var reader = new InvoiceReader(scene.Databases);
        var newest = (await reader.List(caller, 1)).Value[0];
        return (newest, (await reader.Read(caller, newest.Id)).Value);
    }
}
