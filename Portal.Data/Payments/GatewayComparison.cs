namespace Portal.Data.Payments;

/// <summary>One comparison of what the portal has booked with the gateway's own lists.</summary>
public sealed class GatewayComparison
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>What the gateway made before this was not compared.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Objects of the gateway that were compared.</summary>
    public int Payments { get; set; }

    public int Refunds { get; set; }

    public int Disputes { get; set; }

    /// <summary>What the portal had not been told and has now written down.</summary>
    public int Mended { get; set; }

    public List<GatewayDifference> Differences { get; set; } = [];
}
