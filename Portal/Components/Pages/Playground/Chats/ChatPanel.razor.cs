using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Components.Pages.Playground.Answers;
using Portal.Components.Pages.Playground.Code;
using Portal.Components.Pages.Playground.Requests;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Inference;
using Portal.Prompts;
using Portal.Prompts.Chats;
using Portal.Prompts.Requests;
using Radzen;

namespace Portal.Components.Pages.Playground.Chats;

/// <summary>A conversation with a text model.</summary>
public sealed partial class ChatPanel(
    PromptModels promptModels, ChatDesk desk, CurrentCaller current, PlaygroundSession session, AnswerDelivery delivery, CircuitLink link,
    PlaygroundScript script, DialogService dialogs, NavigationManager navigation, IStringLocalizer<PlaygroundText> text, IStringLocalizer<SharedText> words,
    TimeProvider clock) : IDisposable
{
    // More than a prompt may have, so that the refusal can say how much too long it is; less than what a circuit takes in one message.
    private const int CharactersTyped = 120_000;

    // A second click on the emptied field that comes this soon is the end of a double click, also when the answer was there before.
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private ElementReference panel;
    private ElementReference box;
    private CostWatch? cost;
    private ChatList? list;
    private CancellationTokenSource? stop;
    private Turn? running;
    private Turn? editing;
    private Refusal? keeping;
    private Guid nextId;
    private long? sentAt;
    private bool sending;
    private int leftOut;
    private string announced = "";

    [Parameter, EditorRequired]
    public required IReadOnlyList<ModelStatus> Models { get; set; }

    private IStringLocalizer<PlaygroundText> Text => text;

    private IStringLocalizer<SharedText> Words => words;

    private TextForm Form => session.ChatForm;

    private ChatThread Thread => session.Thread;

    private int? ContextLength => promptModels.Text(session.ModelOf(Form.Model, Unit.Tokens))?.ContextLength;

    public void Dispose()
    {
        // What was answered by then is charged and kept.
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

    private TextPrompt? Asked() => string.IsNullOrWhiteSpace(Form.Prompt) || Form.Model is null ? null : Request(Form.Prompt, editing);

    private TextPrompt Request(string prompt, Turn? replaces)
    {
        var turns = Thread.Turns.Where(t => t.Counts && t != replaces).ToList();
        var window = ChatWindow.Fit(Form.System, turns.ConvertAll(t => (t.Prompt, t.Answer.Text)), prompt, promptModels.Text(session.ModelOf(Form.Model, Unit.Tokens)), Form.MaxTokens);
        var first = window.LeftOut == 0 ? 0 : window.LeftOut < turns.Count ? Thread.Turns.ToList().IndexOf(turns[window.LeftOut]) : Thread.Turns.Count;
        if (first != leftOut)
        {
            leftOut = first;
            _ = InvokeAsync(StateHasChanged);
        }

        return Form.ToRequest(nextId, window.Messages);
    }

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

    private async Task Edit(Turn turn)
    {
        (editing, Form.Prompt) = (turn, turn.Prompt);
        await box.FocusAsync();
        await Renew();
    }

    private Task StopEditing()
    {
        (editing, Form.Prompt) = (null, "");
        return Renew();
    }

    private async Task Send()
    {
        if (string.IsNullOrWhiteSpace(Form.Prompt))
        {
            if (IsBusy || (sentAt is { } last && clock.GetElapsedTime(last) < DoubleClick)) return;
            cost?.Show(PlaygroundRefusals.Empty);
            await box.FocusAsync();
            return;
        }

        await Ask(Form.Prompt, editing, written: true);
    }

    private Task Regenerate(Turn turn) => Ask(turn.Prompt, turn, written: false);

    private bool IsBusy => sending || running is not null;

    /// <param name="replaces">The last turn, when it is asked again or otherwise.</param>
    /// <param name="written">It stands in the field, which is then free for the next.</param>
    private async Task Ask(string prompt, Turn? replaces, bool written)
    {
        if (IsBusy) return;
        sending = true;
        var (thread, system) = (Thread, Form.System);
        var request = Request(prompt, replaces);
        var turn = new Turn(prompt, new Answer(request.Id, request.Model, clock.GetUtcNow()));
        stop = CancellationTokenSource.CreateLinkedTokenSource(left);
        try
        {
            var caller = await current.Get(left);
            var refused = await delivery.Send(caller, request, turn.Answer, () => Started(thread, turn, replaces, written), stop.Token);
            if (refused is not null) cost?.Show(refused);
            else await Finished(caller, thread, system, turn, replaces);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page went before anything was started.
        }
        finally
        {
            // The outcome of this id is known, whatever it is.
            nextId = NewId();
            (running, sending) = (null, false);
            stop.Dispose();
            stop = null;
        }

        if (left.IsCancellationRequested) return;
        StateHasChanged();
        await script.Return(panel);
        if (list is not null) await list.Load();
        await Renew();
    }

    private async Task Started(ChatThread thread, Turn turn, Turn? replaces, bool written)
    {
        sentAt = clock.GetTimestamp();
        (running, editing, sending, keeping, announced) = (turn, null, false, null, "");
        thread.Add(turn, replaces);
        if (written) Form.Prompt = "";
        cost?.Show(null);
        StateHasChanged();
        await script.Sent(panel);
    }

    /// <summary>What was answered is kept, also when the page is gone; what came to nothing leaves what was there before.</summary>
    private async Task Finished(Caller caller, ChatThread thread, string system, Turn turn, Turn? replaces)
    {
        if (!turn.Counts)
        {
            if (replaces is { Counts: true }) thread.Restore(replaces);
            return;
        }

        announced = turn.Answer.Text;
        var kept = await desk.Keep(caller, thread.Id, system, turn.ToKept(), opens: !thread.Kept, replaces?.Answer.Id);
        if (!kept.IsDone(out keeping)) return;
        if (!thread.Kept) thread.Title = (await desk.List(caller)).Find(c => c.Id == thread.Id)?.Title;
        thread.Kept = true;
    }

    private void Stop() => stop?.Cancel();

    private void Cancel() => _ = InvokeAsync(() => stop?.Cancel());

    private async Task StartNew()
    {
        session.Open(new ChatThread());
        (editing, keeping, leftOut, announced) = (null, null, 0, "");
        navigation.NavigateTo("/playground");
        await box.FocusAsync();
        await Renew();
    }

    private void Rename((Guid Id, string Title) chat)
    {
        if (chat.Id == Thread.Id) Thread.Title = chat.Title;
    }

    private Task Forget(Guid id) => id == Thread.Id ? StartNew() : Task.CompletedTask;

    private Task ShowCode() => CodeDialog.Show(dialogs, text, Request(Form.Prompt.Length > 0 ? Form.Prompt : Text["ExampleText1"], editing));
}
