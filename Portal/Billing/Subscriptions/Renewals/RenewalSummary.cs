namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>What a run did, in periods and subscriptions.</summary>
/// <param name="PastDue">Subscriptions whose renewal the balance could not pay.</param>
/// <param name="Ended">Subscriptions that ended, as asked or because they stayed unpaid.</param>
public sealed record RenewalSummary(int Renewed, int PastDue, int Ended);
