using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Portal.Payments.Gateway;

/// <summary>Where this process can reach itself, as its server listens: the sandbox is called, and calls back, over HTTP.</summary>
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
