using System.Net.Mail;

namespace Portal.Accounts;

/// <summary>What somebody who registers tells.</summary>
/// <param name="Culture"><c>en</c> or <c>zh-CN</c>.</param>
/// <param name="TimeZone">IANA id of their browser, null when unknown.</param>
/// <param name="Signals">Null: no trial credit is asked for.</param>
public sealed record NewPerson(string Email, string DisplayName, string Password, string Culture, string? TimeZone, Trials.TrialSignals? Signals = null)
{
    public const int NameLengthMax = 64;
    private const int EmailLengthMax = 254;

    public static bool IsEmail(string? text) =>
        text is { Length: > 0 and <= EmailLengthMax } && !text.Any(char.IsControl) && MailAddress.TryCreate(text, out var address) && address.Address == text;

    public static bool IsName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Trim().Length <= NameLengthMax && !text.Any(char.IsControl);
}
