namespace Portal.Data.Usage;

/// <summary>A charged prompt that the staff gave back: to what paid it, once.</summary>
public sealed class UsageReturn
{
    public const int ReasonLengthMax = 500;

    /// <summary>The usage record's, which is the request's.</summary>
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Who of the staff gave it back.</summary>
    public Guid PersonId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Money that was given back; less than was charged where a source has expired since.</summary>
    public long Nanos { get; set; }

    /// <summary>Quota that was given back, in the record's unit; less than was covered where a source has expired since.</summary>
    public long Units { get; set; }

    /// <summary>What the month's tier counter was lowered by; 0 when its month was over.</summary>
    public long TierUnits { get; set; }

    public required string Reason { get; set; }
}
