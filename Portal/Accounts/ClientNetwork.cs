using System.Net;

namespace Portal.Accounts;

/// <summary>Whose address a request comes from.</summary>
public static class ClientNetwork
{
    private const int BytesV6 = 8;

    /// <returns>
    /// The address; of an IPv6 one its first 64 bits, <c>2001:db8::/64</c>: the rest is the visitor's own to choose. Null: this machine or a private network,
    /// so a proxy or a colleague, of whom the address tells nothing.
    /// </returns>
    public static string? Of(IPAddress? remote)
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

        bytes.AsSpan(BytesV6).Clear();
        return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal ? null : $"{new IPAddress(bytes)}/{8 * BytesV6}";
    }
}
