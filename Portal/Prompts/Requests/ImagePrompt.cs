namespace Portal.Prompts.Requests;

/// <param name="Width">Pixels; null: the model's default.</param>
/// <param name="Height">Pixels; null: the model's default.</param>
/// <param name="Steps">Steps of the noise schedule; null: the model's default.</param>
/// <param name="Seed">Of the first picture; each further one takes the next.</param>
/// <param name="Count">Pictures, from 1 to <see cref="PromptLimits.ImagesMax"/>.</param>
public sealed record ImagePrompt(Guid Id, string Model, string Text, int? Width = null, int? Height = null, int? Steps = null, int? Seed = null, int Count = 1)
    : PromptRequest(Id, Model)
{
    /// <summary>How far to go beyond the prompt's own direction; 0: not guided. A guided step counts as two, as it takes twice the work.</summary>
    public float Guidance { get; init; }

    /// <summary>What a guided picture is to keep away from.</summary>
    public string NegativeText { get; init; } = "";
}
