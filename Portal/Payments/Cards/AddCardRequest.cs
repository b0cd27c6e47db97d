namespace Portal.Payments.Cards;

/// <summary>What the page sends when a person wants to save a card.</summary>
/// <param name="FormKey">Made when the page was opened: a second click opens the same page of the gateway.</param>
/// <param name="Portal">The portal's address as the person's browser knows it, ending in a slash.</param>
/// <param name="Language">Of the gateway's page: <c>en</c> or <c>zh-CN</c>.</param>
public sealed record AddCardRequest(string FormKey, Uri Portal, string Language);
