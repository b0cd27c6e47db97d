using Microsoft.AspNetCore.Components;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Components.Shared.Live;

/// <summary>
/// Draws nothing; calls the page that it stands on after each change of a wallet. Changes that come while the page is
/// still reading are answered by one more call a moment later: however many prompts settle, it reads twice a second at most.
/// </summary>
public sealed class WalletWatch : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource gone = new();
    private CancellationToken left;
    private IDisposable? subscription;
    private int waiting;

    [Inject]
    private WalletEvents Events { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Parameter, EditorRequired]
    public required Guid WalletId { get; set; }

    /// <summary>Reads anew; the page is drawn afterwards.</summary>
    [Parameter, EditorRequired]
    public required EventCallback Changed { get; set; }

    public void Dispose()
    {
        subscription?.Dispose();
        gone.Cancel();
        gone.Dispose();
    }

    protected override void OnInitialized()
    {
        left = gone.Token;
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
            while (true)
            {
                Interlocked.Exchange(ref waiting, 1);
                await Changed.InvokeAsync();
                if (Interlocked.CompareExchange(ref waiting, 0, 1) == 1) return;
                await Task.Delay(Pause, Time, left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception cause)
        {
            Interlocked.Exchange(ref waiting, 0);
            await DispatchExceptionAsync(cause);
        }
    }
}
