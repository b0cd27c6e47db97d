using Portal.Commands.Bench.Marks;
using Portal.Inference.Images.Watermark;

namespace Portal.Tests.Inference.Images.Watermark;

public sealed class WatermarkTests
{
    private const int Size = 256;
    private const ulong Payload = 0x0123_4567_89AB_CDEF;
    private static readonly byte[] Key = "a key of the tests"u8.ToArray();

    public static TheoryData<string> Distortions => [.. Distortion.All.Select(distortion => distortion.Name).Where(name => name != "jpeg50")];

    public static TheoryData<string> Kinds => [.. BenchPicture.Kinds];

    [Theory, MemberData(nameof(Distortions))]
    public void The_payload_is_read_exactly_after(string distortion)
    {
        var apply = Distortion.All.Single(d => d.Name == distortion).Apply;
        var reader = new WatermarkReader(Key);
        foreach (var (index, kind) in BenchPicture.Kinds.Index())
        {
            var (rgb, width, height) = apply(Marked(kind, Size, index + 1), Size, Size, new Random(index));

            Assert.True(reader.Read(rgb, width, height)?.Payload == Payload, $"The mark in {kind} is lost by {distortion}.");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void No_picture_loses_more_than_40_dB(string kind)
    {
        foreach (var size in (int[])[1, 7, 32, 64, 100, 256])
        {
            for (var seed = 0; seed < 3; seed++)
            {
                Assert.InRange(Distortion.Psnr(BenchPicture.Paint(kind, size, seed), Marked(kind, size, seed)), 40, 120);
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Nothing_is_found_without_a_mark_or_with_another_key(string kind)
    {
        var (reader, other) = (new WatermarkReader(Key), new WatermarkReader("another key"u8));
        for (var seed = 0; seed < 2; seed++)
        {
            Assert.Null(reader.Read(BenchPicture.Paint(kind, Size, seed), Size, Size));
            Assert.Null(other.Read(Marked(kind, Size, seed), Size, Size));
        }
    }

    [Fact]
    public void Two_payloads_in_one_picture_are_told_apart()
    {
        var reader = new WatermarkReader(Key);
        foreach (var payload in (ulong[])[0, 1, ulong.MaxValue, 1ul << 63])
        {
            var rgb = BenchPicture.Paint("photo", Size, 3);
            new WatermarkWriter(Key).Write(rgb, Size, Size, payload);

            Assert.Equal(payload, reader.Read(rgb, Size, Size)?.Payload);
        }
    }

    [Fact]
    public void An_oblong_picture_and_a_quarter_of_it_carry_the_mark()
    {
        var (width, height) = (640, 300);
        var rgb = new byte[3 * width * height];
        Array.Fill(rgb, (byte)120);
        new WatermarkWriter(Key).Write(rgb, width, height, Payload);
        var part = new byte[3 * 320 * 150];
        for (var y = 0; y < 150; y++)
        {
            Array.Copy(rgb, 3 * ((y + 77) * width + 201), part, 3 * y * 320, 3 * 320);
        }

        Assert.Equal(Payload, new WatermarkReader(Key).Read(rgb, width, height)?.Payload);
        Assert.Equal(Payload, new WatermarkReader(Key).Read(part, 320, 150)?.Payload);
    }

    [Fact]
    public void The_more_is_lost_the_weaker_is_the_evidence()
    {
        var reader = new WatermarkReader(Key);
        var marked = Marked("photo", Size, 5);
        var whole = reader.Read(marked, Size, Size)!;
        var worn = reader.Read(JpegLoss.Apply(marked, Size, Size, 40), Size, Size)!;

        Assert.Equal(416, whole.Bits);
        Assert.InRange(worn.BitsWrong, whole.BitsWrong + 1, whole.Bits / 3);
        Assert.InRange(worn.Pilot, 4, whole.Pilot);
    }

    private static byte[] Marked(string kind, int size, int seed)
    {
        var rgb = BenchPicture.Paint(kind, size, seed);
        new WatermarkWriter(Key).Write(rgb, size, size, Payload);
        return rgb;
    }
}
