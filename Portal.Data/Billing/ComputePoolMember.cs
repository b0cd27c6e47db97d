namespace Portal.Data.Billing;

/// <summary>An account that was asked to carry a share of a pool.</summary>
public sealed class ComputePoolMember
{
    public Guid PoolId { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>1 for the first; the last absorbs what rounding leaves.</summary>
    public int Number { get; set; }

    /// <summary>Above 0; those of a pool add up to 100.</summary>
    public decimal SharePercent { get; set; }

    /// <summary>Null: not yet; nothing is charged without it.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    public Guid? AcceptedBy { get; set; }
}
