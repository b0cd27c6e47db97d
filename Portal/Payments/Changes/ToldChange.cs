namespace Portal.Payments.Changes;

/// <summary>A change and the payment that it is about, by the portal's id or by the gateway's.</summary>
public sealed record ToldChange(Guid? PaymentId, string? IntentId, PaymentChange Change);
