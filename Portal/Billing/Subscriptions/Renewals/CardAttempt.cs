using Portal.Data;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>A charge of the account's card that a renewal waits for.</summary>
/// <param name="Number">Of the attempts for this period, from 1.</param>
/// <param name="Missing">What the balance lacks, in whole minor units; zero: it suffices by now.</param>
public sealed record CardAttempt(Guid SubscriptionId, Guid AccountId, DateTimeOffset PeriodEnd, int Number, Money Missing)
{
    /// <summary>The same attempt is the same charge, however often it is made.</summary>
    public string Key => KeyOf(SubscriptionId, PeriodEnd) + Number;

    /// <summary>What the keys of all attempts for one period begin with.</summary>
    public static string KeyOf(Guid subscriptionId, DateTimeOffset periodEnd) => $"{KeyStart}{subscriptionId:N}:{periodEnd.ToUnixTimeSeconds()}:";

    internal const string KeyStart = "renewal:";
}
