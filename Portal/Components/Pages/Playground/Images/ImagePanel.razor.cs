using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Components.Pages.Playground.Answers;
using Portal.Components.Pages.Playground.Code;
using Portal.Components.Pages.Playground.Requests;
using Portal.Inference;
using Portal.Prompts;
using Portal.Prompts.Requests;
using Radzen;

namespace Portal.Components.Pages.Playground.Images;

/// <summary>Pictures from a prompt. They live in the browser's tab; the portal keeps none.</summary>
public sealed partial class ImagePanel(
    PromptModels promptModels, CurrentCaller current, PlaygroundSession session, AnswerDelivery delivery, CircuitLink link, PlaygroundScript script,
    DialogService dialogs, IStringLocalizer<PlaygroundText> text, TimeProvider clock) : IDisposable
{
    private const int CharactersTyped = 120_000;
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private ElementReference panel;
    private ElementReference box;
    private CostWatch? cost;
    private CancellationTokenSource? stop;
    private Guid nextId;
    private long? sentAt;
    private bool sending;
    private bool running;
    private string announced = "";

    [Parameter, EditorRequired]
    public required IReadOnlyList<ModelStatus> Models { get; set; }

    private IStringLocalizer<PlaygroundText> Text => text;

    private ImageForm Form => session.ImageForm;

    private bool IsBusy => sending || running || (sentAt is { } last && clock.GetElapsedTime(last) < DoubleClick);

    public void Dispose()
    {
        link.Down -= Cancel;
        leaving.Cancel();
        leaving.Dispose();
    }

    protected override void OnInitialized()
    {
        left = leaving.Token;
        link.Down += Cancel;
        nextId = NewId();
    }

    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? script.Attach(panel) : Task.CompletedTask;

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    private ImagePrompt? Asked() => string.IsNullOrWhiteSpace(Form.Prompt) || Form.Model is null ? null : Form.ToRequest(nextId);

    private Task Renew() => cost?.Renew() ?? Task.CompletedTask;

    private Task ChooseModel(string? model)
    {
        Form.Model = model;
        return Renew();
    }

    private async Task Use(string example)
    {
        Form.Prompt = example;
        await box.FocusAsync();
        await Renew();
    }

    private async Task UseAgain(Drawing drawing)
    {
        Form.Take(drawing.Request);
        await box.FocusAsync();
        await Renew();
    }

    private Task ReuseSeed(int seed)
    {
        Form.Seed = seed;
        return Renew();
    }

    private async Task Send()
    {
        if (IsBusy) return;
        if (string.IsNullOrWhiteSpace(Form.Prompt))
        {
            cost?.Show(PlaygroundRefusals.Empty);
            await box.FocusAsync();
            return;
        }

        sending = true;
        var request = Form.ToRequest(nextId);
        var drawing = new Drawing(request, new Answer(request.Id, request.Model, clock.GetUtcNow()));
        stop = CancellationTokenSource.CreateLinkedTokenSource(left);
        try
        {
            var refused = await delivery.Send(await current.Get(left), request, drawing.Answer, () => Started(drawing), stop.Token);
            if (refused is not null) cost?.Show(refused);
            else announced = Text["Drawn", drawing.Answer.Pictures.Count];
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page went before anything was started.
        }
        finally
        {
            nextId = NewId();
            (running, sending) = (false, false);
            stop.Dispose();
            stop = null;
        }

        if (left.IsCancellationRequested) return;
        StateHasChanged();
        await script.Return(panel);
        await Renew();
    }

    private async Task Started(Drawing drawing)
    {
        sentAt = clock.GetTimestamp();
        (running, sending, announced) = (true, false, "");
        var gone = session.Add(drawing);
        StateHasChanged();
        await script.Sent(panel);
        if (gone is not null) await script.Drop(gone.Answer.Pictures.Values.Select(p => p.Address));
    }

    private void Stop() => stop?.Cancel();

    private void Cancel() => _ = InvokeAsync(Stop);

    private Task ShowCode()
    {
        var request = Form.ToRequest(nextId);
        return CodeDialog.Show(dialogs, text, Form.Prompt.Length > 0 ? request : request with { Text = Text["ExampleImage1"] });
    }
}
