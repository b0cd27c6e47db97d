using Portal.Inference.Images.Watermark;

namespace Portal.Tests.Inference.Images.Watermark;

public sealed class ConvolutionalCodeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Any_so_many_wrong_bits_are_corrected(int wrong)
    {
        // The free distance is 24: up to 11 wrong bits, wherever they are, leave the message the nearest one.
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var message = Enumerable.Range(0, 96).Select(_ => random.Next(2) == 1).ToArray();
            var soft = Array.ConvertAll(ConvolutionalCode.Encode(message), bit => bit ? 1f : -1f);
            foreach (var place in Enumerable.Range(0, seed % 2 == 0 ? soft.Length : 40).OrderBy(_ => random.Next()).Take(wrong)) soft[place] *= -1;

            Assert.Equal(message, ConvolutionalCode.Decode(soft));
        }
    }

    [Fact]
    public void What_was_hardly_heard_weighs_less_than_what_was_clear()
    {
        var random = new Random(1);
        var message = Enumerable.Range(0, 96).Select(_ => random.Next(2) == 1).ToArray();
        var soft = Array.ConvertAll(ConvolutionalCode.Encode(message), bit => bit ? 1f : -1f);
        foreach (var place in Enumerable.Range(0, soft.Length).OrderBy(_ => random.Next()).Take(soft.Length / 3)) soft[place] *= -0.1f;

        Assert.Equal(message, ConvolutionalCode.Decode(soft));
    }
}
