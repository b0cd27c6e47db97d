namespace Portal.Data.Payments;

public enum GatewayDifferenceKind
{
    /// <summary>The gateway moved money of which nothing is booked here.</summary>
    UnknownHere = 0,

    /// <summary>Booked here, and the gateway has nothing of it.</summary>
    UnknownThere = 1,

    /// <summary>Both have it, with another amount or another end.</summary>
    Differs = 2,
}

public enum GatewayObject
{
    Payment = 0,
    Refund = 1,
    Dispute = 2,
}

/// <summary>Where the portal and the gateway say different things, after everything that could be mended was.</summary>
public sealed class GatewayDifference
{
    public long Id { get; set; }

    public Guid ComparisonId { get; set; }

    public GatewayObject What { get; set; }

    public GatewayDifferenceKind Kind { get; set; }

    /// <summary>E.g. <c>pi_…</c>, <c>re_…</c>, <c>dp_…</c>.</summary>
    public required string GatewayId { get; set; }

    /// <summary>Whose it is; null when the portal does not know it.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Nanos and state as booked here; null: not at all.</summary>
    public long? OursNanos { get; set; }

    public string? OursState { get; set; }

    /// <summary>Nanos and state as the gateway has them; null: not at all.</summary>
    public long? TheirsNanos { get; set; }

    public string? TheirsState { get; set; }
}
