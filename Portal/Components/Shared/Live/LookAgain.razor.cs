using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Components.Shared.Live;

public sealed partial class LookAgain(TimeProvider time, ILogger<LookAgain> logger) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private bool failed;

    [Parameter, EditorRequired]
    public required TimeSpan Every { get; set; }

    /// <summary>While false nothing that the page shows can change, and nobody looks.</summary>
    [Parameter]
    public bool Active { get; set; } = true;

    /// <summary>Reads anew; the page is drawn afterwards.</summary>
    [Parameter, EditorRequired]
    public required EventCallback Look { get; set; }

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = WatchAsync(gone.Token);
    }

    private async Task WatchAsync(CancellationToken left)
    {
        using var ticks = new PeriodicTimer(Every, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(left))
            {
                if (Active) await InvokeAsync(LookAsync);
            }
        }
        catch (Exception) when (left.IsCancellationRequested)
        {
            // The page was left, perhaps in the middle of a look.
        }
        catch (CallerGoneException cause)
        {
            await DispatchExceptionAsync(cause);
        }
    }

    private async Task LookAsync()
    {
        var before = failed;
        try
        {
            await Look.InvokeAsync();
            failed = false;
        }
        catch (Exception cause) when (cause is not CallerGoneException && !gone.IsCancellationRequested)
        {
            // What the page shows is still true for when it was read: better than an error in its place.
            Log.LookFailed(logger, cause);
            failed = true;
        }

        if (failed != before) StateHasChanged();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A page could not look again")]
        public static partial void LookFailed(ILogger logger, Exception cause);
    }
}
