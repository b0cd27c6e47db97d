namespace Portal.Inference.Images;

/// <summary>A picture while it is drawn.</summary>
/// <param name="Latents"><c>[channels, height / downscale, width / downscale]</c>: noise at first.</param>
/// <param name="Prompt">What it is to show.</param>
/// <param name="Negative">What a guided one is to keep away from.</param>
/// <param name="Guidance">How far beyond the prompt's own direction, away from the negative one; 0: not guided.</param>
internal sealed record Canvas(float[] Latents, PromptFeatures Prompt, PromptFeatures Negative, float Guidance)
{
    public bool Guided => Guidance != 0;

    /// <summary>Moves towards the clean picture.</summary>
    /// <param name="step">How much of the noise goes.</param>
    /// <param name="towards">Clean minus noise, as the prompt has it.</param>
    /// <param name="away">The same as the negative prompt has it.</param>
    public void Move(float step, ReadOnlySpan<float> towards, ReadOnlySpan<float> away)
    {
        for (var i = 0; i < Latents.Length; i++)
        {
            Latents[i] += step * (towards[i] + Guidance * (towards[i] - away[i]));
        }
    }
}
