namespace Portal.Data.Usage;

/// <summary>The rollup of usage by UTC hour, seat and model, raised in the transaction that writes the usage record.</summary>
public sealed class UsageHour
{
    public Guid AccountId { get; set; }

    public DateTimeOffset Hour { get; set; }

    public Guid MembershipId { get; set; }

    public required string Model { get; set; }

    public long Requests { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public long Images { get; set; }

    public long CoveredUnits { get; set; }

    public long ChargedNanos { get; set; }
}
