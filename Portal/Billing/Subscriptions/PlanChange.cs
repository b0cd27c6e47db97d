namespace Portal.Billing.Subscriptions;

/// <summary>What was done; stored under the form's token, so that a second click gets the first outcome.</summary>
/// <param name="InvoiceId">Null when nothing was charged.</param>
public sealed record PlanChange(
    PlanChangeKind Kind, Guid SubscriptionId, string PlanKey, long ChargedNanos, DateTimeOffset From, DateTimeOffset To, Guid? InvoiceId);
