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
    TimeProvider clock) : AskingPanel(link, script, text, clock)
{
    private CostWatch? cost;
    private ChatList? list;
    private Turn? running;
    private Turn? editing;
    private Refusal? keeping;
    private Guid nextId;
    private bool sending;
    private int leftOut;

    private IStringLocalizer<SharedText> Words => words;

    private TextForm Form => session.ChatForm;

    private ChatThread Thread => session.Thread;

    private int? ContextLength => promptModels.Text(session.ModelOf(Form.Model, Unit.Tokens))?.ContextLength;

    private bool IsBusy => sending || running is not null;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        nextId = NewId();
    }

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
        await Box.FocusAsync();
        await Renew();
    }

    private async Task Edit(Turn turn)
    {
        (editing, Form.Prompt) = (turn, turn.Prompt);
        await Box.FocusAsync();
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
            if (IsBusy || JustSent) return;
            cost?.Show(PlaygroundRefusals.Empty);
            await Box.FocusAsync();
            return;
        }

        await Ask(Form.Prompt, editing, written: true);
    }

    private Task Regenerate(Turn turn) => Ask(turn.Prompt, turn, written: false);

    /// <param name="replaces">The last turn, when it is asked again or otherwise.</param>
    /// <param name="written">It stands in the field, which is then free for the next.</param>
    private async Task Ask(string prompt, Turn? replaces, bool written)
    {
        if (IsBusy) return;
        sending = true;
        var (thread, system) = (Thread, Form.System);
        var request = Request(prompt, replaces);
        var turn = new Turn(prompt, new Answer(request.Id, request.Model, Now));
        var stays = await Run(
            async stopped =>
            {
                var caller = await current.Get(Left);
                var refused = await delivery.Send(caller, request, turn.Answer, () => Started(thread, turn, replaces, written), stopped);
                if (refused is not null) cost?.Show(refused);
                else await Finished(caller, thread, system, turn, replaces);
            },
            () => (nextId, running, sending) = (NewId(), null, false));
        if (!stays) return;
        if (list is not null) await list.Load();
        await Renew();
    }

    private Task Started(ChatThread thread, Turn turn, Turn? replaces, bool written)
    {
        (running, editing, sending, keeping) = (turn, null, false, null);
        thread.Add(turn, replaces);
        if (written) Form.Prompt = "";
        cost?.Show(null);
        return Sent();
    }

    /// <summary>What was answered is kept, also when the page is gone; what came to nothing leaves what was there before.</summary>
    private async Task Finished(Caller caller, ChatThread thread, string system, Turn turn, Turn? replaces)
    {
        if (!turn.Counts)
        {
            if (replaces is { Counts: true }) thread.Restore(replaces);
            return;
        }

        Announced = turn.Answer.Text;
        var kept = await desk.Keep(caller, thread.Id, system, turn.ToKept(), opens: !thread.Kept, replaces?.Answer.Id);
        if (!kept.IsDone(out keeping)) return;
        if (!thread.Kept) thread.Title = (await desk.List(caller)).Find(c => c.Id == thread.Id)?.Title;
        thread.Kept = true;
    }

    private async Task StartNew()
    {
        session.Open(new ChatThread());
        (editing, keeping, leftOut, Announced) = (null, null, 0, "");
        navigation.NavigateTo("/playground");
        await Box.FocusAsync();
        await Renew();
    }

    private void Rename((Guid Id, string Title) chat)
    {
        if (chat.Id == Thread.Id) Thread.Title = chat.Title;
    }

    private Task Forget(Guid id) => id == Thread.Id ? StartNew() : Task.CompletedTask;

    private Task ShowCode() => CodeDialog.Show(dialogs, Text, Request(Form.Prompt.Length > 0 ? Form.Prompt : Text["ExampleText1"], editing));
}
