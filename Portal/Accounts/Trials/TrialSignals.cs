using System.Net;

namespace Portal.Accounts.Trials;

/// <summary>What a registration tells besides its address.</summary>
/// <param name="Device">The random id in its browser's cookie; null: it keeps none.</param>
/// <param name="Network">Where it comes from; null: this machine or a private network, of which the address tells nothing.</param>
public sealed record TrialSignals(string? Device, string? Network)
{
    private const int NetworkBytesV6 = 8;

    public static TrialSignals Of(string? device, IPAddress? remote) => new(device, NetworkOf(remote));

    /// <summary>Of an IPv6 address its first 64 bits: the rest is the visitor's own to choose.</summary>
    private static string? NetworkOf(IPAddress? remote)
    {
        if (remote is null || IPAddress.IsLoopback(remote))
        {
            return null;
        }

        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            var isPrivate = bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254);
            return isPrivate ? null : address.ToString();
        }

        return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal ? null : Convert.ToHexString(bytes.AsSpan(0, NetworkBytesV6));
    }
}
