using System.Security.Cryptography;
using System.Text;

namespace Portal.Accounts.Keys;

/// <summary>
/// How the secret of a key is written: <c>pk_</c>, 160 random bits and a checksum, in an alphabet without the letters that are taken for others.
/// The checksum tells a mistyped key from a wrong one without asking the database.
/// </summary>
public static class KeySecret
{
    public const string Start = "pk_";
    public const int Length = 3 + RandomLength + ChecksumLength;

    /// <summary>Characters that are shown to recognise a key by.</summary>
    public const int PrefixLength = 11;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;

    public static string Make()
    {
        var body = Start + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return body + Checksum(body);
    }

    /// <summary>Whether it can be a secret at all: nobody mistyped it or cut it off.</summary>
    public static bool IsWhole(string secret) =>
        secret.Length == Length && secret.StartsWith(Start, StringComparison.Ordinal) && secret.EndsWith(Checksum(secret[..^ChecksumLength]), StringComparison.Ordinal);

    /// <summary>Hex SHA-256: what is stored.</summary>
    public static string HashOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string Checksum(string body)
    {
        var bits = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return string.Create(ChecksumLength, bits, (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++, rest >>= 5) text[i] = Alphabet[(int)(rest & 31)];
        });
    }
}
