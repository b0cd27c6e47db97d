using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Tests.Inference.Text;

public sealed class TextModelTests(GuideFixture guide) : IClassFixture<GuideFixture>
{
    [Fact]
    public void Template_and_token_ids_equal_the_goldens()
    {
        using var tokenizer = new Tokenizer(ShippedModels.Guide);
        Assert.Equal(30, GuideGolden.All.Count);
        Assert.All(GuideGolden.All, golden =>
        {
            Assert.Equal(golden.Prompt, tokenizer.FillTemplate(golden.Messages));
            Assert.Equal(golden.IdsIn, tokenizer.Encode(golden.Prompt));
            Assert.Equal(golden.IdsIn.Length, guide.Model.CountTokens(golden.Messages));
        });
    }

    [Fact]
    public async Task Answers_one_by_one_equal_the_goldens()
    {
        foreach (var golden in GuideGolden.All)
        {
            AssertGolden(golden, await Read(golden.Request));
        }
    }

    [Fact]
    public async Task Answers_generated_together_equal_the_goldens()
    {
        var answers = await Task.WhenAll(GuideGolden.All.Select(golden => Task.Run(() => Read(golden.Request))));
        Assert.All(GuideGolden.All.Zip(answers), pair => AssertGolden(pair.First, pair.Second));
    }

    private static void AssertGolden(GuideGolden golden, List<TextDelta> deltas)
    {
        Assert.Equal(golden.Text, string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal(new TextUsage(golden.IdsIn.Length, golden.IdsOut.Length), deltas[^1].Usage);
        Assert.Equal(FinishReason.Stop, deltas[^1].Finish);
        Assert.All(deltas.SkipLast(1), delta => Assert.Null(delta.Finish));
    }

    private async Task<List<TextDelta>> Read(TextRequest request)
    {
        var deltas = new List<TextDelta>();
        await foreach (var delta in guide.Model.Generate(request, TestContext.Current.CancellationToken))
        {
            deltas.Add(delta);
        }

        return deltas;
    }
}
