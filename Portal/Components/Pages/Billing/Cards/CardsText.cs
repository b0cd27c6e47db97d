namespace Portal.Components.Pages.Billing.Cards;

/// <summary>Names the words of saved cards and of what is charged to them.</summary>
public sealed class CardsText;
