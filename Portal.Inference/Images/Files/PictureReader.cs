namespace Portal.Inference.Images.Files;

/// <summary>Reads pictures that people bring: PNG and JPEG. Nothing is believed: what does not fit is refused before memory is taken for it.</summary>
public static class PictureReader
{
    /// <param name="pixelsMax">A picture that says it is larger is refused before it is unpacked.</param>
    /// <exception cref="NotSupportedException">Neither PNG nor JPEG, or a kind of them that is not read (CMYK, lossless or arithmetic JPEG).</exception>
    /// <exception cref="PictureTooLargeException">More than <paramref name="pixelsMax"/>.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Picture Read(byte[] file, int pixelsMax)
    {
        try
        {
            return PngDecoder.IsPng(file) ? PngDecoder.Decode(file, pixelsMax)
                : JpegDecoder.IsJpeg(file) ? new JpegDecoder(file, pixelsMax).Decode()
                : throw new NotSupportedException("Neither PNG nor JPEG.");
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or IOException)
        {
            throw new InvalidDataException("The picture ends early or points beyond its end.", e);
        }
    }

    /// <summary>The number of pixels, checked.</summary>
    internal static int Area(int width, int height, int pixelsMax) =>
        width <= 0 || height <= 0 ? throw new InvalidDataException("The picture has no area.")
        : (long)width * height > pixelsMax ? throw new PictureTooLargeException(width, height)
        : width * height;
}
