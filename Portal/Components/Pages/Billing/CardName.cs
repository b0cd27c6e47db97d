using System.Globalization;

namespace Portal.Components.Pages.Billing;

/// <summary>A card as people know it: <c>Visa •••• 4242</c>.</summary>
public static class CardName
{
    public static string Write(string? brand, string last4) => $"{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(brand ?? "")} •••• {last4}".TrimStart();

    /// <summary>From what a document or a refund keeps of it, such as <c>visa 4242</c>; anything else as it is.</summary>
    public static string Of(string kept) => kept.LastIndexOf(' ') is var at and > 0 && kept.Length - at == 5 && kept[(at + 1)..].All(char.IsAsciiDigit) ? Write(kept[..at], kept[(at + 1)..]) : kept;
}
