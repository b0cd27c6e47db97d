using System.Globalization;
using System.Text;

namespace Portal.Accounts.Mail;

/// <summary>A letter as RFC 5322 text: UTF-8 in base64, one HTML part.</summary>
public static class LetterFile
{
    private const int LineMax = 76;

    public static string Write(Letter letter, string from, DateTimeOffset at)
    {
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(letter.Html)).Chunk(LineMax).Select(line => new string(line));
        return string.Join("\r\n",
        [
            $"Date: {at.ToString("r", CultureInfo.InvariantCulture).Replace("GMT", "+0000", StringComparison.Ordinal)}",
            $"From: {from}",
            $"To: {letter.To}",
            $"Subject: =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(letter.Subject))}?=",
            "MIME-Version: 1.0",
            "Content-Type: text/html; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "",
            .. body,
            "",
        ]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static PickedLetter Read(string name, string text)
    {
        var parts = text.Split("\r\n\r\n", 2);
        var head = parts[0].Split("\r\n").Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var subject = head["Subject"]["=?utf-8?B?".Length..^"?=".Length];
        return new PickedLetter(
            name,
            DateTimeOffset.Parse(head["Date"], CultureInfo.InvariantCulture),
            new Letter(head["To"], Decode(subject), Decode(parts[1])));
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
