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
    IStringLocalizer<PlaygroundText> text, TimeProvider clock) : AskingPanel(link, script, text, clock)
{
    private CostWatch? costA;
    private CostWatch? costB;
    private Guid idA;
    private Guid idB;
    private bool running;
    private bool empty;

    private CompareForm Form => session.CompareForm;

    private (string Side, TextForm Form)[] Sides => [("A", Form.A), ("B", Form.B)];

    private string Tally => Text["Tally", Votes(Verdict.A), Votes(Verdict.B), Votes(Verdict.Even), PlaygroundSession.ComparisonsMax];

    protected override void OnInitialized()
    {
        base.OnInitialized();
        (idA, idB) = (NewId(), NewId());
    }

    private int Votes(Verdict verdict) => session.Comparisons.Count(c => c.Verdict == verdict);

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
        if (running || JustSent) return;
        empty = string.IsNullOrWhiteSpace(Form.A.Prompt) || string.IsNullOrWhiteSpace(Form.PromptB);
        if (empty)
        {
            (string.IsNullOrWhiteSpace(Form.A.Prompt) ? costA : costB)?.Show(PlaygroundRefusals.Empty);
            await Box.FocusAsync();
            return;
        }

        running = true;
        var (first, second) = (Form.RequestA(idA), Form.RequestB(idB));
        var comparison = new Comparison(New(first), New(second));
        session.Add(comparison);
        await Run(
            async stopped =>
            {
                var caller = await current.Get(Left);
                await Sent();
                await Task.WhenAll(Run(caller, first, comparison.A.Answer, stopped), Run(caller, second, comparison.B.Answer, stopped));
                Announced = Text["Compared"];
            },
            () => (idA, idB, running) = (NewId(), NewId(), false));
    }

    private Compared New(TextPrompt request) => new(request.Messages[^1].Content, new Answer(request.Id, request.Model, Now));

    /// <summary>One side may be refused while the other runs; it says so in its place.</summary>
    private async Task Run(Caller caller, TextPrompt request, Answer answer, CancellationToken ending)
    {
        if (await delivery.Send(caller, request, answer, () => Task.CompletedTask, ending) is not { } refused) return;
        answer.Refuse(refused);
        answer.Draw();
    }
}
