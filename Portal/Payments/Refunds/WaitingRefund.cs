using Portal.Data;

namespace Portal.Payments.Refunds;

/// <summary>A refund that a second person has to decide about.</summary>
/// <param name="To">The card, e.g. <c>visa 4242</c>, or the number of the plan's invoice.</param>
/// <param name="ToBalance">Whether it is a plan's fee.</param>
/// <param name="By">The address of who asked for it.</param>
/// <param name="WhyNot">Why whoever reads this may not decide; null when they may.</param>
public sealed record WaitingRefund(
    Guid Id, Guid AccountId, string Account, Money Amount, bool ToBalance, string To, string Reason, string By, DateTimeOffset At, DateTimeOffset LapsesAt,
    bool EndsPlan, Refusal? WhyNot);
