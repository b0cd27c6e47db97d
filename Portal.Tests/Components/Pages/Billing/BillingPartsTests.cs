using Bunit;
using Portal.Components.Pages.Billing.History;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Refunds;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Billing;

/// <summary>A payment and its outcome as the billing page shows them.</summary>
public sealed class BillingPartsTests : ComponentTest
{
    private static readonly Uri Checkout = new("https://pay.example.com/cs_1");

    [Fact]
    public void A_paid_payment_shows_its_card_its_receipt_and_its_refund_with_the_reason()
    {
        var (receipt, note) = (Guid.NewGuid(), Guid.NewGuid());
        var refund = new RefundView(Guid.NewGuid(), new Money(30_500_000_000), "Bought too much", RefundStatus.Succeeded, null, Time.GetUtcNow(), null, note);

        var row = Render<PaymentRow>(p => p.Add(r => r.Payment, Payment(PaymentStatus.Succeeded, receipt: receipt, refunds: refund)));

        Assert.Contains("Visa •••• 4242", row.Markup, StringComparison.Ordinal);
        Assert.Equal([$"invoices/{receipt}", $"invoices/{note}"], row.FindAll("a").Select(a => a.GetAttribute("href")));
        Assert.Contains("Bought too much", row.Markup, StringComparison.Ordinal);
        Assert.Equal(["Paid", "Refunded"], row.FindAll(".badge").Select(b => b.LastChild!.TextContent));
    }

    [Theory]
    [InlineData(PaymentStatus.Pending, null, "Not finished", null)]
    [InlineData(PaymentStatus.Pending, "insufficient_funds", "Declined", "The card has insufficient funds. Nothing was charged. Try another card.")]
    [InlineData(PaymentStatus.Pending, "a_new_code", "Declined", "Nothing was charged. Try again or use another card.")]
    [InlineData(PaymentStatus.Failed, "expired", "Not paid", "The payment page expired. Nothing was charged. Start another top-up.")]
    [InlineData(PaymentStatus.Unknown, null, "Being checked", null)]
    public void A_payment_that_was_not_paid_says_why(PaymentStatus status, string? code, string state, string? reason)
    {
        var row = Render<PaymentRow>(p => p.Add(r => r.Payment, Payment(status, code)));

        Assert.Equal(state, row.Find(".badge").LastChild!.TextContent);
        Assert.Equal(reason, row.FindAll(".reason") is [var said] ? said.TextContent : null);
    }

    [Fact]
    public void An_unfinished_payment_can_be_continued()
    {
        var row = Render<PaymentRow>(p => p.Add(r => r.Payment, Payment(PaymentStatus.Pending) with { ContinueAt = Checkout }));

        Assert.Equal(Checkout.ToString(), row.Find("a").GetAttribute("href"));
    }

    [Theory]
    [InlineData(PaymentStatus.Succeeded, false, "en", "¥100.00 was added to your balance")]
    [InlineData(PaymentStatus.Succeeded, true, "en", "¥100.00 was added to your balance")]
    [InlineData(PaymentStatus.Pending, false, "en", "Your payment is being confirmed")]
    [InlineData(PaymentStatus.Pending, true, "en", "You left the payment page")]
    [InlineData(PaymentStatus.Failed, false, "en", "The payment did not go through")]
    [InlineData(PaymentStatus.Succeeded, false, "zh-CN", "¥100.00 已计入您的余额")]
    public void Who_comes_back_reads_what_became_of_the_payment(PaymentStatus status, bool left, string language, string title)
    {
        Speak(language);

        var outcome = Render<PaymentOutcome>(p => p.Add(o => o.Payment, Payment(status)).Add(o => o.Left, left));

        Assert.Equal(title, outcome.Find(".notice-title").TextContent);
    }

    private PaymentView Payment(PaymentStatus status, string? code = null, Guid? receipt = null, params RefundView[] refunds) => new(
        Guid.NewGuid(), Time.GetUtcNow(), new Money(100_000_000_000), Money.Zero, Money.Zero, status, code,
        status == PaymentStatus.Succeeded ? "visa" : null, status == PaymentStatus.Succeeded ? "4242" : null, null, receipt, null, refunds);
}
