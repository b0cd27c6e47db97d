namespace Portal.Payments;

/// <summary>What the dialog sends when a person wants to top up.</summary>
/// <param name="Amount">As typed.</param>
/// <param name="FormKey">Made when the dialog was opened: a second click is the same payment.</param>
/// <param name="Portal">The portal's address as the person's browser knows it, ending in a slash.</param>
/// <param name="Language">Of the payment page: <c>en</c> or <c>zh-CN</c>.</param>
/// <param name="Product">What the payment page says it is for, in that language.</param>
/// <param name="SaveCard">Whether the card that pays is kept for renewals and automatic top-ups.</param>
public sealed record TopUpRequest(string Amount, string FormKey, Uri Portal, string Language, string Product, bool SaveCard = false);
