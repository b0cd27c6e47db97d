using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Portal.Accounts.Mail;

/// <summary>Where this process can reach itself, as its server listens: letters of a portal without a public address lead there, and the sandbox is called, and calls back.</summary>
public sealed class OwnAddress(IServer server)
{
    public Uri Get()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault(a => a.StartsWith("http:", StringComparison.Ordinal)) ?? addresses.FirstOrDefault() ?? "http://localhost";

        // A server that listens on every interface is reached by the loopback one.
        foreach (var any in (string[])["://+", "://*", "://[::]", "://0.0.0.0"]) address = address.Replace(any, "://localhost", StringComparison.Ordinal);
        return new Uri(address);
    }
}
