namespace Portal.Inference.Images;

/// <summary>What the engine drew: the figures that are charged.</summary>
/// <param name="Images">Pictures delivered.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Steps">Steps of the noise schedule; a guided one counts twice, as it asks the model twice.</param>
public sealed record ImageUsage(int Images, int Width, int Height, int Steps);
