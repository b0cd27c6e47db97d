namespace Portal.Inference.Images.Files;

/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rgb">Red, green and blue of each pixel, row by row.</param>
public sealed record Picture(int Width, int Height, byte[] Rgb);
