namespace Portal.Prompts.Requests;

/// <param name="Width">Pixels; null: the model's default.</param>
/// <param name="Height">Pixels; null: the model's default.</param>
/// <param name="Steps">Steps of the noise schedule; null: the model's default.</param>
/// <param name="Seed">Of the first picture; each further one takes the next.</param>
/// <param name="Count">Pictures, from 1 to <see cref="PromptLimits.ImagesMax"/>.</param>
public sealed record ImagePrompt(Guid Id, string Model, string Text, int? Width = null, int? Height = null, int? Steps = null, int? Seed = null, int Count = 1)
    : PromptRequest(Id, Model);
