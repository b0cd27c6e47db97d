namespace Portal.Prompts.Routing.Canaries;

/// <summary>Decides whether a canary is taken back. Exact: no rate is rounded on the way.</summary>
public static class CanaryRule
{
    /// <summary>Fewer failures are an accident, whatever share of the requests they are.</summary>
    public const int FailuresMin = 3;

    private const int Whole = 100;

    /// <returns>Null: it goes on.</returns>
    public static RollbackReason? Judge(CanarySide baseline, CanarySide canary, CanaryOptions options)
    {
        if (baseline.Requests < options.RequestsMin || canary.Requests < options.RequestsMin)
        {
            return null;
        }

        if (canary.Failures >= FailuresMin && Exceeds(canary.Failures, canary.Requests, baseline.Failures, baseline.Requests, options))
        {
            return RollbackReason.Errors;
        }

        // Failed requests cost nothing: they must not make a model look cheap.
        var (delivered, deliveredBefore) = (canary.Requests - canary.Failures, baseline.Requests - baseline.Failures);
        return delivered > 0 && deliveredBefore > 0 && Exceeds(canary.ChargedNanos, delivered, baseline.ChargedNanos, deliveredBefore, options) ? RollbackReason.Cost : null;
    }

    /// <summary>Whether amount / count is above the baseline's by more than the allowed share, without dividing.</summary>
    private static bool Exceeds(long amount, long count, long baseAmount, long baseCount, CanaryOptions options) =>
        (Int128)amount * baseCount * Whole > (Int128)baseAmount * count * (Whole + options.ExcessPercent);
}
