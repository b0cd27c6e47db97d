using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Components.Pages.Playground;

/// <summary>What only the browser can do: keys, the window's place, pictures that the portal does not hold.</summary>
public sealed class PlaygroundScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;

    /// <summary>Enter sends, Esc stops, a draft outlives a reload, and a thread stays at its end while it grows.</summary>
    public Task Attach(ElementReference panel) => Run("attach", panel);

    /// <summary>What was written has been sent: its draft goes, and the thread shows its end.</summary>
    public Task Sent(ElementReference panel) => Run("sent", panel);

    /// <summary>Leads back to the field, unless the person has gone elsewhere meanwhile.</summary>
    public Task Return(ElementReference panel) => Run("back", panel);

    /// <returns>An address of the picture that is good in this tab; the bytes stay in the browser alone. Null: the browser is out of reach.</returns>
    public async Task<string?> Keep(byte[] png)
    {
        using var stream = new DotNetStreamReference(new MemoryStream(png));
        try
        {
            return await (await Module()).InvokeAsync<string>("keep", stream);
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    public Task Drop(IEnumerable<string> pictures) => Run("drop", pictures.ToArray());

    public async ValueTask DisposeAsync()
    {
        if (module is not { IsCompletedSuccessfully: true }) return;
        try
        {
            await (await module).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser went first.
        }
    }

    private async Task Run(string name, object argument)
    {
        try
        {
            await (await Module()).InvokeVoidAsync(name, argument);
        }
        catch (Exception e) when (IsGone(e))
        {
            // The browser is gone, and with it what was to be done there.
        }
    }

    private static bool IsGone(Exception e) => e is JSDisconnectedException or OperationCanceledException;

    private Task<IJSObjectReference> Module() =>
        module ??= js.InvokeAsync<IJSObjectReference>("import", "./Components/Pages/Playground/Playground.razor.js").AsTask();
}
