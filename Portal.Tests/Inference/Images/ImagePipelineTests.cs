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
            var canvas = Begin(golden);
            Assert.True(Distance(golden.Image, Draw([canvas], golden.Width, golden.Height, golden.Steps)[0]) <= ShapesGolden.File.Tolerance, golden.Prompt);
        });
    }

    [Fact]
    public void Pictures_of_one_size_drawn_together_equal_the_goldens()
    {
        var alike = ShapesGolden.File.Cases.GroupBy(golden => (golden.Width, golden.Height, golden.Steps)).ToList();
        Assert.Contains(alike, group => group.Select(golden => golden.InputIds.Length).Distinct().Count() > 1);
        Assert.All(alike, group => Assert.All(
            group.Zip(Draw([.. group.Select(Begin)], group.Key.Width, group.Key.Height, group.Key.Steps)),
            pair => Assert.True(Distance(pair.First.Image, pair.Second) <= ShapesGolden.File.Tolerance, pair.First.Prompt)));
    }

    [Fact]
    public void Guidance_goes_on_in_the_prompts_direction_away_from_the_negative_prompt()
    {
        var golden = ShapesGolden.File.Cases[0];
        var prompt = pipeline.Read(golden.InputIds);
        var negative = pipeline.Read(pipeline.Encode("two green triangles on white"));
        var (plain, other, guided, pointless) = (Step(prompt, prompt, 0), Step(negative, negative, 0), Step(prompt, negative, 2.5f), Step(prompt, prompt, 2.5f));
        Assert.True(Distance(plain, other) > 0.1);
        Assert.True(Distance(plain.Zip(other, (p, o) => p + 2.5f * (p - o)), guided) <= ShapesGolden.File.Tolerance);
        Assert.True(Distance(plain, pointless) <= ShapesGolden.File.Tolerance);

        float[] Step(PromptFeatures towards, PromptFeatures away, float guidance)
        {
            // A neighbour that is not guided, so that rows and their negatives do not lie side by side.
            var canvas = new Canvas([.. golden.Noise], towards, away, guidance);
            pipeline.Denoise([new([.. golden.Noise], negative, negative, 0), canvas], golden.Width, golden.Height, 1, 0.9);
            return [.. canvas.Latents.Zip(golden.Noise, (latent, noise) => (latent - noise) * 10)];
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_picture_that_is_not_made_of_numbers_is_no_picture(float latent) =>
        Assert.Throws<InvalidDataException>(() => pipeline.Decode([.. Enumerable.Repeat(latent, 4 * 16 * 16)], 64, 64));

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

    private Canvas Begin(ShapesGolden golden)
    {
        var prompt = pipeline.Read(golden.InputIds);
        return new([.. golden.Noise], prompt, prompt, 0);
    }

    private List<float[]> Draw(IReadOnlyList<Canvas> canvases, int width, int height, int steps)
    {
        var sigmas = pipeline.Config.Sigmas(steps);
        for (var step = 0; step < steps; step++)
        {
            pipeline.Denoise(canvases, width, height, sigmas[step], sigmas[step + 1]);
        }

        return [.. canvases.Select(canvas => pipeline.Decode(canvas.Latents, width, height))];
    }

    private static float Distance(IEnumerable<float> expected, IReadOnlyCollection<float> actual) =>
        expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));
}
