using Microsoft.ML.OnnxRuntime;
using Portal.Inference;
using Portal.Inference.Text;
using Portal.Inference.Text.Answers;

namespace Portal.Tests.Inference.Text;

/// <summary>What a model does wrong in the middle of its work ends the answers that it concerns, and no other.</summary>
public sealed class BrokenStepTests
{
    [Theory]
    [InlineData(ChainGraph.NotANumber)]
    [InlineData(ChainGraph.Infinite)]
    public void Logits_that_are_not_numbers_end_their_answer_and_the_others_live(int token)
    {
        using var scene = new DecoderScene(ChainGraph.Shape, ChainGraph.Write);
        var (broken, beside) = (scene.Begin([token - 3]), scene.Begin([10]));
        scene.Batch.Add(broken);
        scene.Batch.Add(beside);
        scene.RunToTheEnd();

        Assert.Equal([token - 2, token - 1, token], broken.Output);
        Assert.Contains("'made'", Assert.IsType<ModelFailedException>(DecoderScene.FailureOf(broken)).Message, StringComparison.Ordinal);
        AssertChain(10, 20, beside);
    }

    [Fact]
    public void A_prompt_whose_logits_are_not_numbers_fails_at_once()
    {
        using var scene = new DecoderScene(ChainGraph.Shape, ChainGraph.Write);
        var answer = scene.Begin([5, ChainGraph.NotANumber]);
        scene.Batch.Add(answer);
        scene.Batch.Step();
        Assert.IsType<ModelFailedException>(DecoderScene.FailureOf(answer));
        Assert.Equal((0, 0), (answer.Output.Count, scene.Batch.Active));
    }

    [Fact]
    public void F21_A_row_that_fails_in_mid_batch_ends_alone_and_later_requests_work()
    {
        using var scene = new DecoderScene(ChainGraph.Shape, ChainGraph.Write);
        // All of one length, so that they run as one batch.
        var (before, guilty, after) = (scene.Begin([10]), scene.Begin([ChainGraph.Fatal - 3]), scene.Begin([500]));
        foreach (var answer in new[] { before, guilty, after })
        {
            scene.Batch.Add(answer);
        }

        scene.RunToTheEnd();
        var failure = Assert.IsType<ModelFailedException>(DecoderScene.FailureOf(guilty));
        Assert.IsType<OnnxRuntimeException>(failure.InnerException);
        Assert.Equal([ChainGraph.Fatal - 2, ChainGraph.Fatal - 1, ChainGraph.Fatal], guilty.Output);
        AssertChain(10, 20, before);
        AssertChain(500, 20, after);

        var later = scene.Begin([700]);
        scene.Batch.Add(later);
        scene.RunToTheEnd();
        AssertChain(700, 20, later);
    }

    [Fact]
    public void F21_A_prompt_that_cannot_be_read_ends_alone()
    {
        using var scene = new DecoderScene(ChainGraph.Shape, ChainGraph.Write);
        var (guilty, beside) = (scene.Begin([1, ChainGraph.Fatal, 2]), scene.Begin([10]));
        scene.Batch.Add(guilty);
        scene.Batch.Add(beside);
        scene.RunToTheEnd();
        Assert.IsType<ModelFailedException>(DecoderScene.FailureOf(guilty));
        Assert.Empty(guilty.Output);
        AssertChain(10, 20, beside);
    }

    [Fact]
    public void F21_When_a_batch_does_not_fit_the_device_its_answers_go_on_one_by_one()
    {
        using var scene = new DecoderScene(ChainGraph.Shape, ChainGraph.Write);
        var (wide, beside) = (scene.Begin([ChainGraph.Crowded - 3]), scene.Begin([10]));
        scene.Batch.Add(wide);
        scene.Batch.Add(beside);
        scene.RunToTheEnd();
        AssertChain(ChainGraph.Crowded - 3, 20, wide);
        AssertChain(10, 20, beside);
    }

    private static void AssertChain(int prompt, int count, Answer answer)
    {
        Assert.Null(DecoderScene.FailureOf(answer));
        Assert.Equal(Enumerable.Range(prompt + 1, count), answer.Output);
    }
}
