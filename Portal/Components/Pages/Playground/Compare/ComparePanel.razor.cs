using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Components.Pages.Playground.Answers;
using Portal.Components.Pages.Playground.Requests;
using Portal.Inference;
using Portal.Prompts;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Compare;

/// <summary>Two models, two prompts or two sets of parameters side by side, with what each took and cost.</summary>
public sealed partial class ComparePanel(
    PromptModels promptModels, CurrentCaller current, PlaygroundSession session, AnswerDelivery delivery, CircuitLink link, PlaygroundScript script,
    IStringLocalizer<PlaygroundText> text, TimeProvider clock) : IDisposable
{
    private const int CharactersTyped = 120_000;
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private ElementReference panel;
    private ElementReference box;
    private CostWatch? costA;
    private CostWatch? costB;
    private CancellationTokenSource? stop;
    private Guid idA;
    private Guid idB;
    private long? sentAt;
    private bool running;
    private bool empty;
    private string announced = "";

    [Parameter, EditorRequired]
    public required IReadOnlyList<ModelStatus> Models { get; set; }

    private IStringLocalizer<PlaygroundText> Text => text;

    private CompareForm Form => session.CompareForm;

    private (string Side, TextForm Form)[] Sides => [("A", Form.A), ("B", Form.B)];

    private string Tally => Text["Tally", Votes(Verdict.A), Votes(Verdict.B), Votes(Verdict.Even), PlaygroundSession.ComparisonsMax];

    public void Dispose()
    {
        link.Down -= Cancel;
        leaving.Cancel();
        leaving.Dispose();
    }

    protected override void OnInitialized()
    {
        left = leaving.Token;
        (idA, idB) = (NewId(), NewId());
        link.Down += Cancel;
    }

    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? script.Attach(panel) : Task.CompletedTask;

    private int Votes(Verdict verdict) => session.Comparisons.Count(c => c.Verdict == verdict);

    // A preview and its prompt have one id: whatever is decided by it is decided alike.
    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    private TextPrompt? AskedA() => string.IsNullOrWhiteSpace(Form.A.Prompt) || Form.A.Model is null ? null : Form.RequestA(idA);

    private TextPrompt? AskedB() => string.IsNullOrWhiteSpace(Form.PromptB) || Form.B.Model is null ? null : Form.RequestB(idB);

    private Task Renew()
    {
        empty = false;
        return Task.WhenAll(costA?.Renew() ?? Task.CompletedTask, costB?.Renew() ?? Task.CompletedTask);
    }

    private Task Choose(TextForm form, string? model)
    {
        form.Model = model;
        return Renew();
    }

    private async Task Send()
    {
        if (running || (sentAt is { } last && clock.GetElapsedTime(last) < DoubleClick)) return;
        empty = string.IsNullOrWhiteSpace(Form.A.Prompt) || string.IsNullOrWhiteSpace(Form.PromptB);
        if (empty)
        {
            (string.IsNullOrWhiteSpace(Form.A.Prompt) ? costA : costB)?.Show(PlaygroundRefusals.Empty);
            await box.FocusAsync();
            return;
        }

        (running, sentAt, announced) = (true, clock.GetTimestamp(), "");
        var (first, second) = (Form.RequestA(idA), Form.RequestB(idB));
        var comparison = new Comparison(New(first), New(second));
        session.Add(comparison);
        stop = CancellationTokenSource.CreateLinkedTokenSource(left);
        try
        {
            var caller = await current.Get(left);
            StateHasChanged();
            await script.Sent(panel);
            await Task.WhenAll(Run(caller, first, comparison.A.Answer, stop.Token), Run(caller, second, comparison.B.Answer, stop.Token));
            announced = Text["Compared"];
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page went before anything was started.
        }
        finally
        {
            (idA, idB, running) = (NewId(), NewId(), false);
            stop.Dispose();
            stop = null;
        }

        if (left.IsCancellationRequested) return;
        StateHasChanged();
        await script.Return(panel);
    }

    private Compared New(TextPrompt request) => new(request.Messages[^1].Content, new Answer(request.Id, request.Model, clock.GetUtcNow()));

    /// <summary>One side may be refused while the other runs; it says so in its place.</summary>
    private async Task Run(Caller caller, TextPrompt request, Answer answer, CancellationToken ending)
    {
        if (await delivery.Send(caller, request, answer, () => Task.CompletedTask, ending) is not { } refused) return;
        answer.Refuse(refused);
        answer.Draw();
    }

    private void Stop() => stop?.Cancel();

    private void Cancel() => _ = InvokeAsync(Stop);
}
