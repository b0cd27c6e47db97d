namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>What a run did with a subscription.</summary>
internal enum RenewalStep
{
    /// <summary>Nothing: somebody else was first.</summary>
    Nothing = 0,
    Renewed = 1,
    PastDue = 2,
    Ended = 3,
}
