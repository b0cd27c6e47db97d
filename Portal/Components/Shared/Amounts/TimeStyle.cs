namespace Portal.Components.Shared.Amounts;

/// <summary>How much of a moment is written; the patterns are resources.</summary>
public enum TimeStyle
{
    DateAndTime = 0,
    Date = 1,
    Clock = 2,
}
