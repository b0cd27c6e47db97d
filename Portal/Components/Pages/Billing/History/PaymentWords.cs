using Microsoft.Extensions.Localization;
using Portal.Components.Shared.Notices;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Refunds;

namespace Portal.Components.Pages.Billing.History;

/// <summary>States of payments as words and tones.</summary>
public sealed class PaymentWords(IStringLocalizer<BillingText> text)
{
    public (string Word, Tone Tone) State(PaymentView payment) => payment.Status switch
    {
        PaymentStatus.Succeeded => (text["StatePaid"], Tone.Good),
        PaymentStatus.Failed => (text["StateFailed"], Tone.Neutral),
        PaymentStatus.Unknown => (text["StateUnknown"], Tone.Warn),
        _ when payment.NeedsConfirmation => (text["StateConfirm"], Tone.Warn),
        _ when payment.FailureCode is not null => (text["StateDeclined"], Tone.Bad),
        _ => (text["StatePending"], Tone.Warn),
    };

    public (string Word, Tone Tone) State(RefundView refund) => refund.Status switch
    {
        RefundStatus.Succeeded => (text["RefundSucceeded"], Tone.Good),
        RefundStatus.Failed => (text["RefundFailed"], Tone.Bad),
        RefundStatus.Unknown => (text["RefundUnknown"], Tone.Warn),
        RefundStatus.AwaitingApproval => (text["RefundAwaits"], Tone.Warn),
        RefundStatus.Rejected => (text["RefundRejected"], Tone.Neutral),
        _ => (text["RefundPending"], Tone.Warn),
    };
}
