namespace Portal.Inference.Images;

/// <param name="Step">Steps done, from 1 to <paramref name="Steps"/>.</param>
/// <param name="Steps">Steps of the request.</param>
/// <param name="Png">The picture, on the last step only.</param>
/// <param name="Usage">On the last step only.</param>
/// <param name="Seed">What gives this picture again.</param>
public sealed record ImageStep(int Step, int Steps, byte[]? Png, ImageUsage? Usage, int Seed = 0);
