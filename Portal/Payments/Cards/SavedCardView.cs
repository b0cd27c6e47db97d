namespace Portal.Payments.Cards;

/// <summary>A saved card as its owner sees it.</summary>
/// <param name="ExpiryMonth">1 to 12.</param>
/// <param name="ExpiryYear">Four digits.</param>
/// <param name="IsDefault">Renewals and automatic top-ups charge it.</param>
public sealed record SavedCardView(Guid Id, string Brand, string Last4, int ExpiryMonth, int ExpiryYear, bool IsDefault, SavedCardState State)
{
    /// <summary>Of the default card: the one that is charged when it is removed; null: none would be.</summary>
    public SavedCardView? Successor { get; init; }
}
