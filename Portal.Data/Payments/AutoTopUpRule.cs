namespace Portal.Data.Payments;

/// <summary>Below which balance an account's card is charged, and how much.</summary>
public sealed class AutoTopUpRule
{
    public Guid AccountId { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Switched off because a payment was refunded or contested, and nobody has decided since.</summary>
    public bool Returned { get; set; }

    public long ThresholdNanos { get; set; }

    /// <summary>Whole minor units, in nanos.</summary>
    public long AmountNanos { get; set; }

    /// <summary>How many top-ups it has started: the next one's key.</summary>
    public long Started { get; set; }
}
