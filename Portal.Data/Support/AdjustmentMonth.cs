namespace Portal.Data.Support;

/// <summary>How much credit one of the staff has granted and taken in a calendar month of UTC, together.</summary>
public sealed class AdjustmentMonth
{
    public Guid PersonId { get; set; }

    /// <summary>E.g. 202611.</summary>
    public int Month { get; set; }

    public long UsedNanos { get; set; }
}
