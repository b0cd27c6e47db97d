using Portal.Inference.Lanes;

namespace Portal.Inference.Images;

/// <param name="Prompt">What to draw; cut at the number of tokens the model reads.</param>
/// <param name="Width">Pixels, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Height">Pixels, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Steps">Steps of the noise schedule, within the model's <see cref="ImageLimits"/>.</param>
/// <param name="Seed">The same seed and request give the same picture; null takes a fresh one.</param>
/// <param name="Mark">What the picture carries invisibly; null: nothing.</param>
public sealed record ImageRequest(string Prompt, int Width, int Height, int Steps, int? Seed, ImageMark? Mark = null)
{
    public const float GuidanceMax = 20;

    public Lane Lane { get; init; } = Lane.PayPerUse;

    /// <summary>How far to go beyond the prompt's own direction, from 0 (not guided) to <see cref="GuidanceMax"/>. A guided step takes twice the work.</summary>
    public float Guidance { get; init; }

    /// <summary>What a guided picture is to keep away from.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Whether two pictures can be drawn in one batch.</summary>
    internal bool IsAlike(ImageRequest other) => (Width, Height, Steps) == (other.Width, other.Height, other.Steps);
}
