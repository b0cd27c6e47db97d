using System.Text;
using Portal.Inference;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Answers;

/// <summary>One prompt that was sent, and what came of it so far.</summary>
public sealed class PlaygroundEntry(PromptRequest request, DateTimeOffset at)
{
    private readonly StringBuilder text = new();

    public Guid Id => request.Id;

    public string Model => request.Model;

    public DateTimeOffset At { get; } = at;

    public ModelKind Kind => request is ImagePrompt ? ModelKind.Image : ModelKind.Text;

    public string Prompt => request switch
    {
        ImagePrompt image => image.Text,
        TextPrompt prompt => prompt.Messages[^1].Content,
        _ => "",
    };

    public string Text => text.ToString();

    /// <summary>Of pictures: steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Of pictures: steps in all; 0 before the first.</summary>
    public int Steps { get; private set; }

    /// <summary>The picture as an address that an <c>img</c> and a download link take.</summary>
    public string? Picture { get; private set; }

    /// <summary>The model is done; the charge may not be yet.</summary>
    public bool Delivered { get; private set; }

    /// <summary>Null while it runs or is being charged.</summary>
    public PromptResult? Result { get; private set; }

    public void Add(PromptUpdate update)
    {
        text.Append(update.Text);
        Step = update.Step;
        Steps = update.Steps;
        if (update.Png is { } png) Picture = $"data:image/png;base64,{Convert.ToBase64String(png)}";
    }

    public void Deliver() => Delivered = true;

    public void Finish(PromptResult result) => Result = result;
}
