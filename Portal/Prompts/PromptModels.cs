using Portal.Inference;
using Portal.Inference.Images;
using Portal.Inference.Text;

namespace Portal.Prompts;

/// <summary>The models that prompts can go to.</summary>
/// <param name="All">Every model and its state, by id.</param>
/// <param name="Text">The loaded text model of an id, else null.</param>
/// <param name="Image">The loaded image model of an id, else null.</param>
public sealed record PromptModels(Func<IReadOnlyList<ModelStatus>> All, Func<string, ITextModel?> Text, Func<string, IImageModel?> Image)
{
    /// <summary>How busy a loaded model is; null where that is not known.</summary>
    public Func<string, EngineLoad?> Load { get; init; } = _ => null;

    public static PromptModels Of(ModelHost host) => new(() => host.Models, host.Text, host.Image) { Load = host.LoadOf };

    /// <summary>Why a model cannot take a prompt of this kind.</summary>
    public Refusal WhyNot(string id, ModelKind kind) => All().FirstOrDefault(m => m.Id == id) switch
    {
        null => new Refusal("model.unknown", id),
        { Kind: { } other } when other != kind => new Refusal(kind == ModelKind.Text ? "model.not-text" : "model.not-image", id),
        { State: ModelState.Loading } => new Refusal("model.loading", id),
        _ => new Refusal("model.unavailable", id),
    };
}
