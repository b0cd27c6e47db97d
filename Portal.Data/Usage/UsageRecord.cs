namespace Portal.Data.Usage;

/// <summary>One prompt that was settled: the raw row under every chart.</summary>
public sealed class UsageRecord
{
    /// <summary>The hold's id, which is the request's.</summary>
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid ProjectId { get; set; }

    public Guid PersonId { get; set; }

    public Guid MembershipId { get; set; }

    public Guid? ApiKeyId { get; set; }

    public required string Model { get; set; }

    public Unit Unit { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>Standard images.</summary>
    public long Images { get; set; }

    /// <summary>Units that a quota paid for.</summary>
    public long CoveredUnits { get; set; }

    /// <summary>What money paid for.</summary>
    public long ChargedNanos { get; set; }

    /// <summary>What the usage cost beyond its hold and could not be taken from anything; normally 0.</summary>
    public long UncollectedNanos { get; set; }

    /// <summary>List price of what money paid for.</summary>
    public long ListNanos { get; set; }

    public DateTimeOffset At { get; set; }

    public int DurationMs { get; set; }

    /// <summary><c>stop</c>, <c>length</c> or <c>cancelled</c>.</summary>
    public required string Finish { get; set; }

    /// <summary>The whole receipt as JSON.</summary>
    public required string Receipt { get; set; }
}
