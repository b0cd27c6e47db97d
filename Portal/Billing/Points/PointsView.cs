using Portal.Data;

namespace Portal.Billing.Points;

/// <summary>An account's points and what can be done with them.</summary>
/// <param name="CheckIn">For today's check-in; 0: there is none to be had.</param>
/// <param name="CheckedIn">Whether today's was had.</param>
/// <param name="Worth">What the balance could be redeemed for now.</param>
/// <param name="Yuan">The credit for <paramref name="PerYuan"/> points.</param>
public sealed record PointsView(
    long Balance, int CheckIn, bool CheckedIn, IReadOnlyList<PointsView.TaskState> Tasks, IReadOnlyList<PointsView.Entry> History,
    Money Worth, int PerYuan, Money Yuan, int RedeemMin, int CreditDays)
{
    public bool CanRedeem => Balance >= RedeemMin;

    /// <param name="Fulfilled">It was done, and its points can be had.</param>
    /// <param name="Had">Its points were had.</param>
    public sealed record TaskState(string Key, int Points, bool Fulfilled, bool Had);

    /// <param name="Task">A task's key, <c>check-in</c> or <c>redeem</c>.</param>
    public sealed record Entry(Guid Id, string Task, long Points, Money Credit, DateTimeOffset At);
}
