namespace Portal.Usage;

/// <summary>How far back a report looks; days are the account's calendar days, today included.</summary>
public enum UsageRange
{
    Days7 = 7,
    Days14 = 14,
    Days30 = 30,
    Days90 = 90,

    /// <summary>The subscription's running period; without one the calendar month.</summary>
    Period = 0,
}
