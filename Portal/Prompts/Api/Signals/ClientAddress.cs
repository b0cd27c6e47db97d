using System.Net;

namespace Portal.Prompts.Api.Signals;

/// <summary>Whose address a request comes from.</summary>
internal static class ClientAddress
{
    /// <returns>Null: this machine or a private network, so a proxy or a colleague, of whom the address tells nothing.</returns>
    public static string? Of(IPAddress? remote)
    {
        if (remote is null || IPAddress.IsLoopback(remote))
        {
            return null;
        }

        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        var bytes = address.GetAddressBytes();
        var isPrivate = bytes.Length == 4
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
            : address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        return isPrivate ? null : address.ToString();
    }
}
