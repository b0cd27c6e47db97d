namespace Portal.Inference.Images;

/// <param name="Prompt">What to draw; cut at the number of tokens the model reads.</param>
/// <param name="Width">Pixels, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Height">Pixels, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Steps">Steps of the noise schedule, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Seed">The same seed and request give the same picture; null takes a fresh one.</param>
/// <param name="Mark">What the picture carries invisibly; null: nothing.</param>
public sealed record ImageRequest(string Prompt, int Width, int Height, int Steps, int? Seed, ImageMark? Mark = null);
