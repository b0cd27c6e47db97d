using Portal.Data.Payments;
using Portal.Payments.Declines;

namespace Portal.Payments.Changes;

/// <summary>
/// The part of <see cref="PaymentRecorder"/> about charges of saved cards that did not succeed. Nobody is there to try another card, so a decline is
/// the end, but for the one that only asks the card holder to confirm. What is told in another order ends the same.
/// </summary>
internal static class SavedCardRecorder
{
    public static void Apply(Payment payment, PaymentChange change, DateTimeOffset now)
    {
        if (payment.Status == PaymentStatus.Succeeded) return;
        switch (change)
        {
            case PaymentChange.Unanswered when payment is { Status: PaymentStatus.Pending, FailureCode: null }:
                payment.Status = PaymentStatus.Unknown;
                break;
            case PaymentChange.Declined declined:
                payment.PaymentIntentId ??= declined.IntentId;
                Decline(payment, declined.Code, now);
                break;
            case PaymentChange.Ended ended:
                if (payment.FailureCode == DeclineCodes.MustConfirm) payment.FailureCode = ended.Code == DeclineCodes.Withdrawn ? ended.Code : DeclineCodes.Unconfirmed;
                Fail(payment, payment.FailureCode ?? ended.Code, now);
                break;
        }
    }

    private static void Decline(Payment payment, string code, DateTimeOffset now)
    {
        if (code != DeclineCodes.MustConfirm)
        {
            Fail(payment, code, now);
            return;
        }
        if (payment.FailureCode is not null) return;
        (payment.Status, payment.FailureCode, payment.Untold) = (PaymentStatus.Pending, code, true);
    }

    private static void Fail(Payment payment, string code, DateTimeOffset now)
    {
        if (payment.Status == PaymentStatus.Failed) return;
        (payment.Status, payment.FailureCode, payment.FailedAt, payment.Untold) = (PaymentStatus.Failed, code, now, true);
    }
}
