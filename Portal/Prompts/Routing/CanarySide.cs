using Portal.Data;

namespace Portal.Prompts.Routing;

/// <summary>How one of the two models behind an alias has done.</summary>
/// <param name="Requests">That came to an end; from 0.</param>
/// <param name="Failures">Of these.</param>
public sealed record CanarySide(long Requests, long Failures, long ChargedNanos)
{
    public static CanarySide None { get; } = new(0, 0, 0);

    /// <summary>Failures in a hundred requests, for a person to read.</summary>
    public decimal ErrorPercent => Requests == 0 ? 0 : decimal.Round(100m * Failures / Requests, 1);

    /// <summary>What a request was charged on average.</summary>
    public Money PerRequest => Requests == 0 ? Money.Zero : new Money(ChargedNanos / Requests);
}
