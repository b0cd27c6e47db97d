using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Inference;

namespace Portal.Components.Pages.Playground;

/// <summary>What asking is in every mode: one at a time; stopped by its button, by leaving the page and by a lost connection.</summary>
public abstract class AskingPanel(CircuitLink link, PlaygroundScript script, IStringLocalizer<PlaygroundText> text, TimeProvider clock) : ComponentBase, IDisposable
{
    // More than a prompt may have, so that the refusal can say how much too long it is; less than what a circuit takes in one message.
    protected const int CharactersTyped = 120_000;

    // A second click that comes this soon is the end of a double click, also when the answer was there before.
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource leaving = new();
    private CancellationTokenSource? stop;
    private long? sentAt;

    [Parameter, EditorRequired]
    public required IReadOnlyList<ModelStatus> Models { get; set; }

    protected IStringLocalizer<PlaygroundText> Text => text;

    protected PlaygroundScript Script => script;

    protected ElementReference Panel { get; set; }

    protected ElementReference Box { get; set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left { get; private set; }

    /// <summary>What a screen reader is told of the last answer.</summary>
    protected string Announced { get; set; } = "";

    protected bool JustSent => sentAt is { } last && clock.GetElapsedTime(last) < DoubleClick;

    protected DateTimeOffset Now => clock.GetUtcNow();

    public void Dispose()
    {
        // What was answered by then is charged and kept.
        link.Down -= Cancel;
        leaving.Cancel();
        leaving.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized()
    {
        Left = leaving.Token;
        link.Down += Cancel;
    }

    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? script.Attach(Panel) : Task.CompletedTask;

    // A preview and its prompt have one id: whatever is decided by it is decided alike.
    protected Guid NewId() => Guid.CreateVersion7(Now);

    /// <param name="ask">Given what stops it.</param>
    /// <param name="ended">Makes the panel ready for the next, however it ended.</param>
    /// <returns>Whether the page is still there; it has been drawn and leads back to the field.</returns>
    protected async Task<bool> Run(Func<CancellationToken, Task> ask, Action ended)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(Left);
        try
        {
            await ask(stop.Token);
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            // The page went before anything was started.
        }
        finally
        {
            ended();
            stop.Dispose();
            stop = null;
        }

        if (Left.IsCancellationRequested) return false;
        StateHasChanged();
        await script.Return(Panel);
        return true;
    }

    protected Task Sent()
    {
        (sentAt, Announced) = (clock.GetTimestamp(), "");
        StateHasChanged();
        return script.Sent(Panel);
    }

    protected void Stop() => stop?.Cancel();

    private void Cancel() => _ = InvokeAsync(Stop);
}
