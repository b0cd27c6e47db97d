using System.Globalization;

namespace Portal.Components.Pages.Billing;

/// <summary>A card as people know it: <c>Visa •••• 4242</c>.</summary>
public static class CardName
{
    public static string Write(string? brand, string last4) => $"{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(brand ?? "")} •••• {last4}".TrimStart();
}
