using System.Text;

namespace Portal.Billing.Invoices;

/// <summary>Whom a document is issued to.</summary>
/// <param name="Title">A person's name or a company's title.</param>
/// <param name="TaxId">Letters, digits and hyphens; null: none.</param>
/// <param name="Address">Null: none.</param>
public sealed record BuyerDetails(string Title, string? TaxId, string? Address)
{
    public const int TitleMax = 100;
    public const int TaxIdMax = 30;
    public const int AddressMax = 200;

    private const int TaxIdMin = 5;

    /// <returns>The details as they are kept, blanks around them gone; a refusal says which one is wrong.</returns>
    public Outcome<BuyerDetails> Checked()
    {
        var (title, taxId, address) = (Title.Trim(), TaxId?.Trim().ToUpperInvariant() ?? "", Address?.Trim() ?? "");
        if (title.Length is 0 or > TitleMax || !IsWritten(title))
        {
            return new Refusal("buyer.title", $"{TitleMax}");
        }

        if (taxId.Length > 0 && (taxId.Length is < TaxIdMin or > TaxIdMax || !taxId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            return new Refusal("buyer.tax-id", $"{TaxIdMin}", $"{TaxIdMax}");
        }

        if (address.Length > AddressMax || !IsWritten(address))
        {
            return new Refusal("buyer.address", $"{AddressMax}");
        }

        return new BuyerDetails(title, taxId.Length == 0 ? null : taxId, address.Length == 0 ? null : address);
    }

    // What a printed document can show: no control characters, no halves of characters, no pictures.
    private static bool IsWritten(string text) => text.EnumerateRunes().All(rune =>
        rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
            System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherSymbol
            or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned));
}
