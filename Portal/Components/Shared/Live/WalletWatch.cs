using Microsoft.AspNetCore.Components;
using Portal.Billing.Ledger;

namespace Portal.Components.Shared.Live;

/// <summary>
/// Draws nothing; calls the page that it stands on after each change of a wallet. Changes that come while the page is
/// still reading are answered by one more call: however many prompts settle at once, it reads at most twice.
/// </summary>
public sealed class WalletWatch : ComponentBase, IDisposable
{
    private IDisposable? subscription;
    private int waiting;

    [Inject]
    private WalletEvents Events { get; set; } = default!;

    [Parameter, EditorRequired]
    public required Guid WalletId { get; set; }

    /// <summary>Reads anew; the page is drawn afterwards.</summary>
    [Parameter, EditorRequired]
    public required EventCallback Changed { get; set; }

    public void Dispose() => subscription?.Dispose();

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive) subscription = Events.Subscribe(WalletId, Tell);
    }

    // On the ledger's thread: hands over and returns.
    private void Tell()
    {
        if (Interlocked.Increment(ref waiting) == 1) _ = InvokeAsync(Call);
    }

    private async Task Call()
    {
        try
        {
            do
            {
                Interlocked.Exchange(ref waiting, 1);
                await Changed.InvokeAsync();
            }
            while (Interlocked.Decrement(ref waiting) > 0);
        }
        catch (Exception cause)
        {
            Interlocked.Exchange(ref waiting, 0);
            await DispatchExceptionAsync(cause);
        }
    }
}
