using Portal.Inference;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Inference.Text.Answers;
using Portal.Inference.Text.Engine;

namespace Portal.Tests.Inference.Text.Answers;

public sealed class AnswerTests : IDisposable
{
    private static readonly GuideGolden Golden = GuideGolden.All[0];

    private readonly DecoderConfig config = DecoderConfig.Read(ShippedModels.Guide);
    private readonly Tokenizer tokenizer = new(ShippedModels.Guide);
    private readonly Answer answer;

    public AnswerTests() => answer = new(Golden.Request, Golden.IdsIn, config, tokenizer);

    public void Dispose()
    {
        answer.Dispose();
        tokenizer.Dispose();
    }

    [Fact]
    public void What_comes_fast_is_handed_over_in_pieces_and_the_first_at_once()
    {
        Assert.Equal([1], Take(0, atMs: 500));
        Assert.Empty(Take(1, atMs: 501));
        Assert.Empty(Take(2, atMs: 509));
        Assert.Equal([4], Take(3, atMs: 510));
        Assert.Equal([5], Take(4, atMs: 5_000));
    }

    [Fact]
    public void The_end_takes_along_what_was_waiting_and_nothing_is_lost_or_said_twice()
    {
        var text = "";
        for (var i = 0; i < Golden.IdsOut.Length; i++)
        {
            Accept(i, atMs: 3 * i);
            while (answer.Deltas.TryRead(out var delta))
            {
                text += delta.Text;
            }
        }

        Assert.Equal(Golden.Text, text);
        Assert.True(answer.Finished);
    }

    [Fact]
    public void A_failure_leaves_what_was_said_before_it()
    {
        Take(0, atMs: 0);
        Take(1, atMs: 1);
        answer.End(new ModelFailedException("guide"));
        Assert.True(answer.Deltas.TryRead(out var last));
        Assert.Equal((2, null), (last.Usage.OutputTokens, last.Finish));
    }

    /// <summary>The output tokens that each piece counts which the token brings.</summary>
    private List<int> Take(int token, long atMs)
    {
        Accept(token, atMs);
        var counted = new List<int>();
        while (answer.Deltas.TryRead(out var delta))
        {
            counted.Add(delta.Usage.OutputTokens);
        }

        return counted;
    }

    private void Accept(int token, long atMs)
    {
        var logits = new float[config.VocabularySize];
        logits[Golden.IdsOut[token]] = 1;
        answer.Accept(logits, atMs);
    }
}
