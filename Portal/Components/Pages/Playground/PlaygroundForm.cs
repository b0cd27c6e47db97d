using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground;

/// <summary>What stands in the fields of the playground.</summary>
public sealed class PlaygroundForm
{
    public const int MaxTokensDefault = 256;

    public ModelKind Kind { get; set; }

    /// <summary>What is written for text and for pictures, each kept while the other is looked at.</summary>
    public string TextPrompt { get; set; } = "";

    public string ImagePrompt { get; set; } = "";

    public string? TextModel { get; set; }

    public string? ImageModel { get; set; }

    public int MaxTokens { get; set; } = MaxTokensDefault;

    public decimal Temperature { get; set; }

    /// <summary>Pixels of each side; null: the model's default.</summary>
    public int? Size { get; set; }

    public int? Steps { get; set; }

    public int? Seed { get; set; }

    public string Prompt
    {
        get => Kind == ModelKind.Text ? TextPrompt : ImagePrompt;
        set
        {
            if (Kind == ModelKind.Text) TextPrompt = value;
            else ImagePrompt = value;
        }
    }

    public string? Model => Kind == ModelKind.Text ? TextModel : ImageModel;

    public PromptRequest ToRequest(Guid id) => Kind == ModelKind.Text
        ? new TextPrompt(id, TextModel ?? "", [new ChatMessage("user", TextPrompt)], MaxTokens) { Sampling = new Sampling { Temperature = (float)Temperature } }
        : new ImagePrompt(id, ImageModel ?? "", ImagePrompt, Size, Size, Steps, Seed);
}
