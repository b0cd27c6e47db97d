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
    DialogService dialogs, IStringLocalizer<PlaygroundText> text, TimeProvider clock) : AskingPanel(link, script, text, clock)
{
    private CostWatch? cost;
    private Guid nextId;
    private bool sending;
    private bool running;

    private ImageForm Form => session.ImageForm;

    private bool IsBusy => sending || running || JustSent;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        nextId = NewId();
    }

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
        await Box.FocusAsync();
        await Renew();
    }

    private async Task UseAgain(Drawing drawing)
    {
        Form.Take(drawing.Request);
        await Box.FocusAsync();
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
            await Box.FocusAsync();
            return;
        }

        sending = true;
        var request = Form.ToRequest(nextId);
        var drawing = new Drawing(request, new Answer(request.Id, request.Model, Now));
        var stays = await Run(
            async stopped =>
            {
                var refused = await delivery.Send(await current.Get(Left), request, drawing.Answer, () => Started(drawing), stopped);
                if (refused is not null) cost?.Show(refused);
                else Announced = Text["Drawn", drawing.Answer.Pictures.Count];
            },
            () => (nextId, running, sending) = (NewId(), false, false));
        if (stays) await Renew();
    }

    private async Task Started(Drawing drawing)
    {
        (running, sending) = (true, false);
        var gone = session.Add(drawing);
        await Sent();
        if (gone is not null) await Script.Drop(gone.Answer.Pictures.Values.Select(p => p.Address));
    }

    private Task ShowCode()
    {
        var request = Form.ToRequest(nextId);
        return CodeDialog.Show(dialogs, Text, Form.Prompt.Length > 0 ? request : request with { Text = Text["ExampleImage1"] });
    }
}
