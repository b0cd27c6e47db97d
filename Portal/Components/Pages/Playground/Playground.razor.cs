using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Components.Pages.Playground.Chats;
using Portal.Data;
using Portal.Inference;
using Portal.Prompts;
using Portal.Prompts.Chats;
using Portal.Prompts.Routing;

namespace Portal.Components.Pages.Playground;

public sealed partial class Playground(
    PromptModels promptModels, AliasTable aliases, ChatDesk desk, CurrentCaller current, PlaygroundSession session, IStringLocalizer<PlaygroundText> text) : IDisposable
{
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private IReadOnlyList<ModelStatus> models = [];
    private Refusal? missing;
    private bool loaded;

    /// <summary>A conversation to open; null: the one that is open in this tab.</summary>
    [Parameter]
    public Guid? ChatId { get; set; }

    private IStringLocalizer<PlaygroundText> Text => text;

    private PlaygroundSession Session => session;

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        left = leaving.Token;
        session.Aliases = await aliases.Read(left);
        ReadModels();
    }

    protected override async Task OnParametersSetAsync()
    {
        missing = null;
        if (ChatId is { } id && id != session.Thread.Id)
        {
            loaded = false;
            if (!(await desk.Read(await current.Get(left), id, left)).IsDone(out missing, out var chat)) return;
            session.Open(new ChatThread(chat));
            session.ChatForm.System = chat.System;
            (session.ChatForm.Model, session.Mode) = (session.Thread.Last?.Answer.Model ?? session.ChatForm.Model, PlaygroundMode.Chat);
            ReadModels();
        }

        loaded = true;
    }

    private static string IconOf(PlaygroundMode mode) => mode switch
    {
        PlaygroundMode.Chat => "forum",
        PlaygroundMode.Images => "image",
        _ => "compare_arrows",
    };

    private void Choose(PlaygroundMode mode)
    {
        session.Mode = mode;
        ReadModels();
    }

    private void ReadModels()
    {
        models = promptModels.All();
        session.ChatForm.Model = Chosen(session.ChatForm.Model, ModelKind.Text);
        session.ImageForm.Model = Chosen(session.ImageForm.Model, ModelKind.Image);
        session.CompareForm.A.Model = Chosen(session.CompareForm.A.Model ?? session.ChatForm.Model, ModelKind.Text);
        session.CompareForm.B.Model = Chosen(session.CompareForm.B.Model, ModelKind.Text);

        string? Chosen(string? chosen, ModelKind kind) =>
            models.Any(m => m.Id == chosen) || session.Aliases.Any(a => a.Name == chosen && a.Unit == (kind == ModelKind.Text ? Unit.Tokens : Unit.Images)) ? chosen : models.Where(m => m.Kind == kind).OrderBy(m => m.State != ModelState.Ready).FirstOrDefault()?.Id;
    }
}
