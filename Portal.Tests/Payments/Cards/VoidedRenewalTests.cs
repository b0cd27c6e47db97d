using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Cards;
using Portal.Payments.Refunds;
using Portal.Payments.Sandbox.Delivery;

namespace Portal.Tests.Payments.Cards;

/// <summary>Cards and the invoice of a renewal that was made void meanwhile.</summary>
public sealed class VoidedRenewalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_card_paid_before_the_news_came_is_credit_and_it_is_not_charged_again()
    {
        await using var scene = await RenewalChargesTests.SubscribedAsync("4242424242424242");
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, LoseWebhooks: true));
        await scene.Host.WhileTimePassesAsync(scene.Host.Get<RenewalCharges>().Run(Cancel));
        scene.Host.Faults.Set(new FaultPlan());

        var invoice = await VoidAsync(scene);
        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        await scene.Host.Get<Reconciler>().Reconcile(Cancel);
        scene.Host.Time.Advance(TimeSpan.FromDays(3));
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        await scene.Host.Get<RenewalCharges>().Run(Cancel);

        Assert.Equal([79m], (await scene.PaymentsAsync()).Where(p => p is { MethodId: not null, Status: PaymentStatus.Succeeded }).Select(p => new Money(p.AmountNanos).Amount));
        Assert.Equal((InvoiceStatus.Void, 99m), ((await InvoiceAsync(scene, invoice)).Status, await scene.BalanceAsync()));
        await RenewalChargesTests.SendAsync(scene);
    }

    [Fact]
    public async Task What_waits_for_the_card_holder_cannot_be_confirmed_any_more_and_an_unpaid_fee_is_not_refunded()
    {
        await using var scene = await RenewalChargesTests.SubscribedAsync("4000000000003220");
        await scene.Host.Get<RenewalRun>().Run(Cancel);
        await scene.Host.Get<RenewalCharges>().Run(Cancel);
        var waiting = Assert.Single(await scene.PaymentsAsync(), p => p.MethodId is not null);
        await using (var db = scene.Host.Database.Open())
        {
            var open = await db.Invoices.SingleAsync(i => i.Status == InvoiceStatus.Open, Cancel);
            Assert.Equal(Money.Zero, (await FeeRefunds.Facts(db, open, null, scene.Host.Time.GetUtcNow(), Cancel)).Most);
        }

        await VoidAsync(scene);
        await scene.Host.Get<OffSessionCharges>().Confirm(scene.Customer, waiting.Id, scene.Host.Address, Cancel);

        Assert.Equal((PaymentStatus.Failed, 20m), ((await scene.PaymentAsync(waiting.Id)).Status, await scene.BalanceAsync()));
        await RenewalChargesTests.SendAsync(scene);
    }

    private static async Task<Guid> VoidAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        var open = await db.Invoices.SingleAsync(i => i.Status == InvoiceStatus.Open, Cancel);
        Assert.Null((await scene.Host.Get<InvoiceVoids>().Void(scene.Staff, open.Id, "Asked for it", Cancel)).Refusal);
        return open.Id;
    }

    private static async Task<Invoice> InvoiceAsync(PaymentScene scene, Guid id)
    {
        await using var db = scene.Host.Database.Open();
        return await db.Invoices.SingleAsync(i => i.Id == id, Cancel);
    }
}
