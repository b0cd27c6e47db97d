using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Components.Pages.Playground.Answers;
using Portal.Inference;
using Portal.Inference.Images;
using Portal.Prompts;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground;

public sealed partial class Playground(
    PromptRunner runner, PromptModels promptModels, CurrentCaller current, WalletEvents wallets, PlaygroundSession session, CircuitLink link,
    IStringLocalizer<PlaygroundText> text, IJSRuntime js, TimeProvider clock)
{
    // More than a prompt may have, so that the refusal can say how much too long it is; less than what a circuit takes in one message.
    private const int CharactersTyped = 120_000;

    // Some thirty pictures a second: what comes faster is drawn together.
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(1);

    private static readonly Refusal Empty = new("prompt.empty");

    // A second click that comes this soon is the end of a double click, also when the answer was there before.
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private IReadOnlyList<ModelStatus> models = [];
    private ElementReference root;
    private ElementReference box;
    private IJSObjectReference? script;
    private IDisposable? subscription;
    private PromptPreview? preview;
    private Refusal? refusal;
    private CancellationTokenSource? previewing;
    private bool outdated;
    private CancellationTokenSource? stop;
    private PlaygroundEntry? running;
    private Guid nextId;
    private long? sentAt;
    private bool sending;
    private bool reveal;

    private IStringLocalizer<PlaygroundText> Text => text;

    private PlaygroundSession Session => session;

    private PlaygroundForm Form => session.Form;

    private ImageLimits? ImageLimits => Form.ImageModel is { } id ? promptModels.Image(id)?.Limits : null;

    private int? ContextLength => Form.TextModel is { } id ? promptModels.Text(id)?.ContextLength : null;

    public async ValueTask DisposeAsync()
    {
        // The runner goes on to settle what was delivered.
        link.Down -= Cancel;
        await leaving.CancelAsync();
        subscription?.Dispose();
        leaving.Dispose();
        if (script is not null)
        {
            try
            {
                await script.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser went first.
            }
        }
    }

    protected override async Task OnInitializedAsync()
    {
        left = leaving.Token;
        link.Down += Cancel;
        nextId = NewId();
        ReadModels();
        var caller = await current.Get();
        subscription = wallets.Subscribe(caller.AccountId, () => _ = InvokeAsync(WalletChanged));
        _ = AwaitModels();
        await PlanPreview();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            script = await js.InvokeAsync<IJSObjectReference>("import", left, "./Components/Pages/Playground/Playground.razor.js");
            await script.InvokeVoidAsync("attach", left, root);
        }

        if (reveal && script is not null)
        {
            reveal = false;
            await script.InvokeVoidAsync("reveal", left, root);
        }
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.CurrentCulture);

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    private void ReadModels()
    {
        models = promptModels.All();
        Form.TextModel = Choose(Form.TextModel, ModelKind.Text);
        Form.ImageModel = Choose(Form.ImageModel, ModelKind.Image);

        string? Choose(string? chosen, ModelKind kind) =>
            models.Any(m => m.Id == chosen) ? chosen : models.Where(m => m.Kind == kind).OrderBy(m => m.State != ModelState.Ready).FirstOrDefault()?.Id;
    }

    private async Task AwaitModels()
    {
        using var timer = new PeriodicTimer(LoadingPause, clock);
        try
        {
            while (models.Any(m => m.State == ModelState.Loading) && await timer.WaitForNextTickAsync(left))
            {
                ReadModels();
                await InvokeAsync(PlanPreview);
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    private Task ChooseKind(ModelKind kind)
    {
        Form.Kind = kind;
        return PlanPreview();
    }

    private Task Use(string example)
    {
        Form.Prompt = example;
        return PlanPreview();
    }

    private Task UseAgain(PlaygroundEntry entry)
    {
        Form.Kind = entry.Kind;
        Form.Prompt = entry.Prompt;
        return PlanPreview();
    }

    /// <summary>A busy account changes all the time: that may renew the figure, and must not put it off.</summary>
    private Task WalletChanged()
    {
        outdated = previewing is not null;
        return outdated ? Task.CompletedTask : PlanPreview();
    }

    /// <summary>Asks for the price once nothing was typed for a moment. The last figure stays until the next one is there.</summary>
    private async Task PlanPreview()
    {
        if (left.IsCancellationRequested) return;
        CancelPreview();
        using var latest = CancellationTokenSource.CreateLinkedTokenSource(left);
        previewing = latest;
        try
        {
            await Preview(latest.Token);
        }
        catch (OperationCanceledException)
        {
            // Something newer is being asked.
        }
        finally
        {
            if (previewing == latest) previewing = null;
        }

        if (previewing is null && outdated) await WalletChanged();
    }

    private void CancelPreview() => previewing?.Cancel();

    private async Task Preview(CancellationToken latest)
    {
        if (string.IsNullOrWhiteSpace(Form.Prompt) || Form.Model is null)
        {
            (preview, refusal) = (null, null);
            StateHasChanged();
            return;
        }

        await Task.Delay(TypingPause, clock, latest);
        var asked = await runner.Preview(await current.Get(latest), Form.ToRequest(nextId), latest);
        latest.ThrowIfCancellationRequested();
        (preview, refusal) = asked.IsDone(out var refused) ? (asked.Value, asked.Value.Missing) : (null, refused);
        StateHasChanged();
    }

    private async Task Send()
    {
        if (sending || running is not null || (sentAt is { } last && clock.GetElapsedTime(last) < DoubleClick)) return;
        if (string.IsNullOrWhiteSpace(Form.Prompt))
        {
            refusal = Empty;
            await box.FocusAsync();
            return;
        }

        sending = true;
        var request = Form.ToRequest(nextId);
        stop = CancellationTokenSource.CreateLinkedTokenSource(left);
        try
        {
            var started = await runner.Start(await current.Get(left), request, stop.Token);
            if (!started.IsDone(out var refused))
            {
                refusal = refused;
                return;
            }

            sentAt = clock.GetTimestamp();
            refusal = null;
            running = new PlaygroundEntry(request, clock.GetUtcNow());
            session.Add(running);
            reveal = true;
            sending = false;
            await Follow(running, started.Value);
            nextId = NewId();
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page is gone; the runner settles what it delivered.
        }
        finally
        {
            // The outcome of this id is known, whatever it is.
            nextId = NewId();
            running = null;
            sending = false;
            stop.Dispose();
            stop = null;
        }
    }

    private async Task Follow(PlaygroundEntry entry, PromptRun run)
    {
        while (await run.Updates.WaitToReadAsync(left))
        {
            while (run.Updates.TryRead(out var update)) entry.Add(update);
            StateHasChanged();
            await Task.Delay(Frame, clock, left);
        }

        entry.Deliver();
        StateHasChanged();
        entry.Finish(await run.Completion);
    }

    private void Stop() => stop?.Cancel();

    private void Cancel() => _ = InvokeAsync(Stop);
}
