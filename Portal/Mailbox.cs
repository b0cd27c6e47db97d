using System.Globalization;
using System.Text;

namespace Portal;

/// <summary>Which mailbox an address leads to, as far as one can tell from outside: its aliases are the same one.</summary>
public static class Mailbox
{
    private const string Gmail = "gmail.com";

    // The same mailbox under either name. Hotmail and Outlook are not: there each name has a mailbox of its own.
    private static readonly Dictionary<string, string> SameDomains = new(StringComparer.Ordinal)
    {
        ["googlemail.com"] = Gmail, ["protonmail.com"] = "proton.me", ["pm.me"] = "proton.me",
    };

    /// <summary>
    /// Case, full-width letters, what follows a plus, the dots that Gmail ignores, and both ways to write an international domain make no difference.
    /// </summary>
    /// <param name="address">One that <see cref="Accounts.NewPerson.IsEmail"/> takes.</param>
    public static string Of(string address)
    {
        var text = address.Normalize(NormalizationForm.FormKC).Trim().ToLowerInvariant();
        var at = text.LastIndexOf('@');
        if (at < 1)
        {
            return text;
        }

        var domain = DomainOf(text[(at + 1)..]);
        var local = text[..at].Trim('"');
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        local = plus > 0 ? local[..plus] : local;
        return domain == Gmail ? $"{local.Replace(".", "", StringComparison.Ordinal)}@{domain}" : $"{local}@{domain}";
    }

    private static string DomainOf(string domain)
    {
        var ascii = domain.TrimEnd('.');
        try
        {
            ascii = new IdnMapping().GetAscii(ascii);
        }
        catch (ArgumentException)
        {
            // No name that could be looked up; it is told from others as it is.
        }

        return SameDomains.GetValueOrDefault(ascii, ascii);
    }
}
