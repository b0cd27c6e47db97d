namespace Portal.Inference.Images.Files;

/// <summary>A picture has more pixels than its reader takes.</summary>
public sealed class PictureTooLargeException(int width, int height) : Exception($"{width} x {height} pixels are too many.")
{
    public int Width => width;

    public int Height => height;
}
