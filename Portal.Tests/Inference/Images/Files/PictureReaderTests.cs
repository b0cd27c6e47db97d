using Portal.Inference.Images.Files;

namespace Portal.Tests.Inference.Images.Files;

public sealed class PictureReaderTests
{
    private const int PixelsMax = 1000;

    public static TheoryData<string> Names => [.. SamplePictures.Names];

    [Theory, MemberData(nameof(Names))]
    public void What_other_programs_wrote_is_read(string name)
    {
        var picture = PictureReader.Read(SamplePictures.Get(name), PixelsMax);

        Assert.Equal((SamplePictures.Width, SamplePictures.Height), (picture.Width, picture.Height));
        var expected = SamplePictures.Pixels(name);
        var away = expected.Zip(picture.Rgb, (one, other) => Math.Abs(one - other)).ToList();
        Assert.Equal(expected.Length, picture.Rgb.Length);
        Assert.InRange(away.Average(), 0, name.EndsWith("png", StringComparison.Ordinal) ? 0 : 5);
        Assert.InRange(away.Max(), 0, 48);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_file_that_ends_early_or_was_changed_is_a_picture_or_is_refused(string name)
    {
        var file = SamplePictures.Get(name);
        for (var end = 0; end < file.Length; end++)
        {
            ReadOrRefuse(file[..end]);
        }

        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            var changed = (byte[])file.Clone();
            for (var i = random.Next(1, 4); i > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            ReadOrRefuse(changed);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_picture_that_says_it_is_larger_than_allowed_is_not_unpacked(string name)
    {
        var refused = Assert.Throws<PictureTooLargeException>(() => PictureReader.Read(SamplePictures.Get(name), SamplePictures.Width * SamplePictures.Height - 1));

        Assert.Equal((SamplePictures.Width, SamplePictures.Height), (refused.Width, refused.Height));
    }

    [Fact]
    public void What_is_neither_PNG_nor_a_usual_JPEG_is_not_supported()
    {
        Assert.Throws<NotSupportedException>(() => PictureReader.Read([], PixelsMax));
        Assert.Throws<NotSupportedException>(() => PictureReader.Read("GIF89a and more"u8.ToArray(), PixelsMax));
        Assert.Throws<NotSupportedException>(() => PictureReader.Read(SamplePictures.Get(SamplePictures.Arithmetic), PixelsMax));
    }

    /// <summary>Any other exception fails the test.</summary>
    private static void ReadOrRefuse(byte[] file)
    {
        try
        {
            var picture = PictureReader.Read(file, PixelsMax);
            Assert.Equal(3 * picture.Width * picture.Height, picture.Rgb.Length);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or PictureTooLargeException)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
