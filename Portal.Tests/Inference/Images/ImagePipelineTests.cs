using Portal.Inference;
using Portal.Inference.Images;
using Portal.Inference.Onnx;

namespace Portal.Tests.Inference.Images;

public sealed class ImagePipelineTests : IDisposable
{
    private readonly ImagePipeline pipeline = new(ShippedModels.Shapes, new OnnxSessions(new InferenceOptions { Device = InferenceDevice.Cpu }));

    public void Dispose() => pipeline.Dispose();

    [Fact]
    public void Noise_schedule_equals_the_golden()
    {
        var sigmas = pipeline.Config.Sigmas(9);
        Assert.Equal(ShapesGolden.File.Sigmas.Length, sigmas.Length);
        Assert.All(ShapesGolden.File.Sigmas.Zip(sigmas), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Token_ids_equal_the_goldens() =>
        Assert.All(ShapesGolden.File.Cases, golden => Assert.Equal(golden.InputIds, pipeline.Encode(golden.Prompt)));

    [Fact]
    public void Pictures_equal_the_goldens()
    {
        Assert.Equal(5, ShapesGolden.File.Cases.Count);
        Assert.All(ShapesGolden.File.Cases, golden =>
        {
            var planes = pipeline.Draw(golden.InputIds, golden.Noise, golden.Width, golden.Height, golden.Steps, _ => true)!;
            Assert.Equal(golden.Image.Length, planes.Length);
            Assert.True(golden.Image.Zip(planes).Max(pair => Math.Abs(pair.First - pair.Second)) <= ShapesGolden.File.Tolerance, golden.Prompt);
        });
    }

    [Fact]
    public void A_single_step_goes_all_the_way()
    {
        Assert.Equal([1.0, 0.0], pipeline.Config.Sigmas(1));
    }

    [Fact]
    public void An_empty_prompt_and_one_of_special_strings_are_the_padding_token()
    {
        Assert.Equal([0], pipeline.Encode(""));
        Assert.Equal([0], pipeline.Encode("<|endoftext|>"));
    }

    [Fact]
    public void A_long_prompt_is_cut_at_what_the_model_reads() =>
        Assert.Equal(48, pipeline.Encode(string.Join(' ', Enumerable.Repeat("a red circle on a blue background", 100))).Length);

    [Fact]
    public void Noise_is_normal_and_the_same_for_a_seed()
    {
        var noise = pipeline.Noise(128, 128, seed: 7);
        Assert.Equal(4 * 32 * 32, noise.Length);
        Assert.Equal(noise, pipeline.Noise(128, 128, seed: 7));
        Assert.NotEqual(noise, pipeline.Noise(128, 128, seed: 8));
        Assert.NotEqual(pipeline.Noise(128, 128, null), pipeline.Noise(128, 128, null));
        Assert.InRange(noise.Average(), -0.05f, 0.05f);
        Assert.InRange(noise.Average(value => value * value), 0.95f, 1.05f);
    }
}
