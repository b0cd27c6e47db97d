using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Payments.Gateway;

/// <summary>The header <c>Stripe-Signature: t=1700000000,v1=…</c> over the raw bytes of a webhook's body.</summary>
public static class StripeSignature
{
    public const string Header = "Stripe-Signature";

    /// <summary>How far the signed time may be from now, both ways.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    public static string Sign(string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Compute(secret, body, seconds)}");
    }

    /// <summary>Whether one of the header's v1 signatures is right and its time within <see cref="Tolerance"/>.</summary>
    public static bool IsValid(string secret, ReadOnlySpan<byte> body, string? header, DateTimeOffset now)
    {
        var parts = (header ?? "").Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToList();
        var time = parts.FirstOrDefault(p => p[0] == "t")?[1];
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds) return false;
        var expected = Encoding.ASCII.GetBytes(Compute(secret, body, seconds));
        var valid = false;
        foreach (var part in parts.Where(p => p[0] == "v1"))
            valid |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(part[1]));
        return valid;
    }

    private static string Compute(string secret, ReadOnlySpan<byte> body, long seconds)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture)), (byte)'.', .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
