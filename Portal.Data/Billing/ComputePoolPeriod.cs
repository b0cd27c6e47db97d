namespace Portal.Data.Billing;

/// <summary>A period of a pool that every member has paid; unique by pool and start.</summary>
public sealed class ComputePoolPeriod
{
    public Guid PoolId { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    /// <summary>What the members paid together.</summary>
    public long FeeNanos { get; set; }
}
