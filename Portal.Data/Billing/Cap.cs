namespace Portal.Data.Billing;

public enum CapMeter
{
    Money = 0,
    Tokens = 1,
    Images = 2,
}

public enum CapWindow
{
    /// <summary>A calendar day in the account's time zone.</summary>
    Day = 0,

    /// <summary>The subscription's period; without one a calendar month in the account's time zone.</summary>
    Period = 1,

    /// <summary>For good.</summary>
    Total = 2,
}

/// <summary>
/// The most that a part of an account may use in a window. Its counters are named by scope, meter and window, not by this row: changing the limit,
/// or rotating a key's secret, leaves what was counted.
/// </summary>
public sealed class Cap
{
    public Guid WalletId { get; set; }

    /// <summary>The project, API key or membership that is limited; the account's own id for all of it.</summary>
    public Guid SubjectId { get; set; }

    public CapMeter Meter { get; set; }

    public CapWindow Window { get; set; }

    /// <summary>Nanos, tokens or standard images; 0 allows nothing, null everything.</summary>
    public long? Limit { get; set; }
}
