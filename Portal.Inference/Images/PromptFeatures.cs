namespace Portal.Inference.Images;

/// <summary>What the text encoder made of a prompt.</summary>
/// <param name="Values"><c>[tokens, features]</c>.</param>
/// <param name="Tokens">At least one.</param>
internal sealed record PromptFeatures(float[] Values, int Tokens);
