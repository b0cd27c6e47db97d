using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Accounts;

namespace Portal.Components.Circuits;

/// <summary>Keeps one person, or one network's strangers, from filling the memory with circuits: one more than they may have ends as it begins.</summary>
public sealed partial class CircuitGate(
    OpenCircuits circuits, AuthenticationStateProvider authentication, IHttpContextAccessor http, ILogger<CircuitGate> logger) : CircuitHandler, IDisposable
{
    private string? counted;

    /// <exception cref="InvalidOperationException">Too many are open; the framework ends this one.</exception>
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User.FindFirstValue(ClaimTypes.NameIdentifier);

        // Of this machine and of private networks the address tells nobody from another.
        var (whose, max) = person is not null ? (person, OpenCircuits.OfPersonMax) : (ClientNetwork.Of(http.HttpContext?.Connection.RemoteIpAddress), OpenCircuits.OfNetworkMax);
        if (whose is null)
        {
            return;
        }

        if (!circuits.TryAdd(whose, max))
        {
            Log.Refused(logger, whose, max);
            throw new InvalidOperationException($"{whose} has {max} circuits open.");
        }

        counted = whose;
    }

    /// <summary>With the circuit's services, however it ended.</summary>
    public void Dispose()
    {
        if (counted is { } whose) circuits.Remove(whose);
        counted = null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Whose} has {Max} circuits open and gets no more")]
        public static partial void Refused(ILogger logger, string whose, int max);
    }
}
