using Portal.Data;

namespace Portal.Usage;

/// <summary>One settled prompt of the list.</summary>
/// <param name="Member">Whose seat it was.</param>
/// <param name="ByKey">Sent with an API key, not from the playground.</param>
/// <param name="Units">Tokens, or standard images.</param>
/// <param name="ReturnedNanos">Money that was given back of it, 0 where a quota paid; null: it was not given back.</param>
/// <param name="Finish"><c>stop</c>, <c>length</c>, <c>cancelled</c>, <c>timeout</c> or <c>failed</c>.</param>
public sealed record UsageRequest(
    Guid Id, DateTimeOffset At, string Model, Guid MembershipId, string Member, bool ByKey, Unit Unit, long InputTokens, long OutputTokens, long Images,
    long CoveredUnits, long ChargedNanos, long ListNanos, int DurationMs, string Finish, long? ReturnedNanos = null)
{
    public long Units => Unit == Unit.Images ? Images : InputTokens + OutputTokens;

    public Money Charged => new(ChargedNanos);
}
