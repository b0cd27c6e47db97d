namespace Portal.Payments.Cards;

public enum SavedCardState
{
    Good = 0,

    /// <summary>Within a month of its end.</summary>
    ExpiresSoon = 1,
    Expired = 2,
}
