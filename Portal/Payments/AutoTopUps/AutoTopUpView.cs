using Portal.Data;
using Portal.Payments.Cards;

namespace Portal.Payments.AutoTopUps;

/// <summary>An account's automatic top-up as its owner sees it.</summary>
/// <param name="Threshold">Below this balance the card is charged.</param>
/// <param name="Amount">How much is charged at once.</param>
/// <param name="WaitsUntil">Of <see cref="AutoTopUpState.Paused"/> and <see cref="AutoTopUpState.Full"/> alone.</param>
/// <param name="LastCode">Why the last one failed, of a card that is still the one that is charged.</param>
/// <param name="Card">The one that is charged; null without any.</param>
public sealed record AutoTopUpView(
    bool Enabled, Money Threshold, Money Amount, AutoTopUpState State, DateTimeOffset? WaitsUntil, string? LastCode, SavedCardView? Card)
{
    /// <summary>How many may start in 24 hours.</summary>
    public static int InADayMost => AutoTopUpHistory.InADayMax;
}
