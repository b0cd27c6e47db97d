using System.Net;

namespace Portal.Accounts.Trials;

/// <summary>What a registration tells besides its address.</summary>
/// <param name="Device">The random id in its browser's cookie; null: it keeps none.</param>
/// <param name="Network">Where it comes from, as <see cref="ClientNetwork"/> says; null: the address tells nothing.</param>
public sealed record TrialSignals(string? Device, string? Network)
{
    public static TrialSignals Of(string? device, IPAddress? remote) => new(device, ClientNetwork.Of(remote));
}
