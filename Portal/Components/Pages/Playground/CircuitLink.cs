using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Portal.Components.Pages.Playground;

/// <summary>Tells a page that its browser is gone. The circuit itself is kept for a while in case it comes back; what costs money does not wait.</summary>
public sealed class CircuitLink : CircuitHandler
{
    /// <summary>Raised outside the page's own context.</summary>
    public event Action? Down;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Down?.Invoke();
        return Task.CompletedTask;
    }
}
