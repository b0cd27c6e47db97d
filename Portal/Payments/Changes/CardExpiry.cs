using Portal.Data.Payments;

namespace Portal.Payments.Changes;

/// <summary>A card is good until the end of the month that is written on it.</summary>
internal static class CardExpiry
{
    /// <summary>How long before its end a person should know.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static bool IsOver(SavedCard card, DateTimeOffset now) => End(card) <= now;

    public static bool IsSoon(SavedCard card, DateTimeOffset now) => !IsOver(card, now) && End(card) - Soon <= now;

    private static DateTimeOffset End(SavedCard card) => new DateTimeOffset(card.ExpiryYear, card.ExpiryMonth, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
}
