using Portal.Data;

namespace Portal.Support;

/// <param name="Once">The most that one adjustment may be now.</param>
/// <param name="Month">What is left of the month.</param>
public sealed record AdjustmentLimits(Money Once, Money Month);
