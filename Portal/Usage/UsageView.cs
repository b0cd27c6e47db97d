using Portal.Data;

namespace Portal.Usage;

/// <summary>What the usage page shows: every figure is a sum of usage rows or a balance of the ledger.</summary>
/// <param name="Days">Every day of the range, the empty ones too, oldest first.</param>
/// <param name="Members">Empty for whoever sees only their own seat.</param>
public sealed record UsageView(
    TimeZoneInfo Zone, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageDay> Days, UsageSums Total,
    IReadOnlyList<ModelUsage> Models, IReadOnlyList<MemberUsage> Members, UsagePeriod Period, IReadOnlyList<QuotaState> Quotas,
    UsageChoices Choices)
{
    public bool Any => Total.Requests > 0;

    /// <summary>Of what was charged in the range, what the staff have given back since.</summary>
    public Money Returned { get; init; }
}

/// <param name="Models">The day's sums by model, only those that were used.</param>
public sealed record UsageDay(DateOnly Day, UsageSums Sums, IReadOnlyDictionary<string, UsageSums> Models);

public sealed record ModelUsage(string Model, UsageSums Sums);

public sealed record MemberUsage(Guid MembershipId, string Name, UsageSums Sums);

/// <summary>What a filter can be set to: what was ever used, whoever ever used.</summary>
public sealed record UsageChoices(IReadOnlyList<string> Models, IReadOnlyList<MemberChoice> Members);

public sealed record MemberChoice(Guid MembershipId, string Name);

/// <summary>The running period so far.</summary>
/// <param name="Subscribed">Of a subscription, else the calendar month.</param>
/// <param name="Forecast">Null in the first day, when there is nothing to go by.</param>
public sealed record UsagePeriod(DateTimeOffset Start, DateTimeOffset End, bool Subscribed, UsageSums ToDate, UsageForecast? Forecast)
{
    /// <summary>Of what was charged in the period, what the staff have given back since.</summary>
    public Money Returned { get; init; }
}

/// <summary>The period's end at the average pace of the period so far.</summary>
/// <param name="DaysSeen">Whole days that the pace was measured over.</param>
public sealed record UsageForecast(int DaysSeen, Money Charged, long Tokens, long Images);
