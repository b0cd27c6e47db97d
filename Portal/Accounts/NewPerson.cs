using System.Net.Mail;
using Portal.Accounts.Trials;

namespace Portal.Accounts;

/// <summary>What somebody tells where the letter leads.</summary>
/// <param name="TimeZone">IANA id of their browser, null when unknown.</param>
/// <param name="Signals">Null: no trial credit is asked for.</param>
public sealed record NewPerson(string Name, string Password, string? TimeZone = null, TrialSignals? Signals = null)
{
    public const int NameLengthMax = 64;
    private const int EmailLengthMax = 254;

    public static bool IsEmail(string? text) =>
        text is { Length: > 0 and <= EmailLengthMax } && !text.Any(char.IsControl) && text.IndexOf('@') == text.LastIndexOf('@') && MailAddress.TryCreate(text, out var address) && address.Address == text;

    public static bool IsName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Trim().Length <= NameLengthMax && !text.Any(char.IsControl);
}
