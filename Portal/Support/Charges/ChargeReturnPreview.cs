using Portal.Data;

namespace Portal.Support.Charges;

/// <summary>What giving a charged prompt back would do now.</summary>
/// <param name="Units">Of quota, in <paramref name="Unit"/>.</param>
/// <param name="Lapsed">Money that came from credit which has expired since: it is not given back.</param>
/// <param name="LapsedUnits">The same of quota.</param>
/// <param name="Once">The most that whoever asks may give back at once, in money.</param>
/// <param name="WhyNot">Why it cannot be given back; null when it can.</param>
public sealed record ChargeReturnPreview(Money Money, long Units, Unit Unit, Money Lapsed, long LapsedUnits, Money Once, Refusal? WhyNot);
