using Portal.Inference;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Inference.Text.Answers;
using Portal.Inference.Text.Engine;

namespace Portal.Tests.Inference.Text.Engine;

public sealed class DecodeBatchTests : IDisposable
{
    private readonly DecoderConfig config = DecoderConfig.Read(ShippedModels.Guide);
    private readonly Tokenizer tokenizer = new(ShippedModels.Guide);
    private readonly Decoder decoder;
    private readonly DecodeBatch batch;

    public DecodeBatchTests()
    {
        decoder = new(ShippedModels.Guide, config, new OnnxSessions(new InferenceOptions { Device = InferenceDevice.Cpu }), slots: 4);
        batch = new("guide", decoder, TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    public void Dispose()
    {
        decoder.Dispose();
        tokenizer.Dispose();
    }

    [Fact]
    public void Token_ids_out_equal_the_goldens_while_answers_join_and_leave()
    {
        var answers = GuideGolden.All.Select(golden => Begin(golden.IdsIn)).ToList();
        foreach (var answer in answers)
        {
            while (batch.Active == decoder.Slots)
            {
                batch.Step();
            }

            batch.Add(answer);
        }

        RunToTheEnd();
        Assert.All(GuideGolden.All.Zip(answers), pair => Assert.Equal(pair.First.IdsOut, pair.Second.Output));
    }

    [Fact]
    public void A_cancelled_answer_gets_no_further_token_and_frees_its_slot()
    {
        var golden = GuideGolden.All[1];
        var (cancelled, beside) = (Begin(GuideGolden.All[0].IdsIn), Begin(golden.IdsIn));
        batch.Add(cancelled);
        batch.Add(beside);
        while (cancelled.Output.Count < 5)
        {
            batch.Step();
        }

        cancelled.Cancel();
        batch.Step();
        Assert.Equal(5, cancelled.Output.Count);
        Assert.Equal(1, batch.Active);
        Assert.True(cancelled.Finished);

        // The freed slot, with what the cancelled answer left in it, serves the next one.
        var next = Begin(GuideGolden.All[2].IdsIn);
        batch.Add(next);
        RunToTheEnd();
        Assert.Equal(golden.IdsOut, beside.Output);
        Assert.Equal(GuideGolden.All[2].IdsOut, next.Output);
    }

    [Fact]
    public void An_answer_cancelled_before_its_turn_does_no_work()
    {
        var answer = Begin(GuideGolden.All[0].IdsIn);
        answer.Cancel();
        batch.Add(answer);
        batch.Step();
        Assert.Equal((0, 0, 0), (answer.PromptRead, answer.Output.Count, batch.Active));
    }

    [Fact]
    public void A_long_prompt_is_read_in_pieces_beside_an_answer_and_neither_notices()
    {
        var prompt = LongPrompt(400);
        var alone = Begin(prompt);
        batch.Add(alone);
        RunToTheEnd();

        var golden = GuideGolden.All[0];
        var (beside, again) = (Begin(golden.IdsIn), Begin(prompt));
        batch.Add(beside);
        batch.Step();
        batch.Add(again);
        batch.Step();
        Assert.InRange(again.PromptRead, 1, 399);
        Assert.True(beside.Output.Count > 1);
        RunToTheEnd();
        Assert.Equal(golden.IdsOut, beside.Output);
        Assert.Equal(alone.Output, again.Output);
        Assert.NotEmpty(again.Output);
    }

    [Fact]
    public void Prompts_that_wait_together_are_read_in_one_step_and_answered_as_alone()
    {
        // The pace begins carefully.
        batch.Add(Begin(LongPrompt(400)));
        RunToTheEnd();
        var goldens = GuideGolden.All.OrderBy(golden => golden.IdsIn.Length).Take(decoder.Slots).ToList();
        var answers = goldens.ConvertAll(golden => Begin(golden.IdsIn));
        answers.ForEach(batch.Add);
        batch.Step();
        Assert.All(answers, answer => Assert.Equal(2, answer.Output.Count));
        RunToTheEnd();
        Assert.Equal(goldens.Select(golden => golden.IdsOut), answers.Select(answer => answer.Output));
    }

    [Fact]
    public void Short_prompts_one_after_the_other_set_the_pace_as_a_long_one_does()
    {
        var oneByOne = new DecodeBatch("guide", decoder, TimeSpan.FromHours(1), TimeProvider.System, together: false);
        var goldens = GuideGolden.All.OrderBy(golden => golden.IdsIn.Length).Take(decoder.Slots).ToList();
        for (var round = 0; round < 4; round++)
        {
            goldens.ForEach(golden => oneByOne.Add(Begin(golden.IdsIn)));
            while (oneByOne.Active > 0)
            {
                oneByOne.Step();
            }
        }

        var answers = goldens.ConvertAll(golden => Begin(golden.IdsIn));
        answers.ForEach(oneByOne.Add);
        oneByOne.Step();
        Assert.All(answers, answer => Assert.Equal(2, answer.Output.Count));
    }

    [Fact]
    public void What_is_read_before_the_next_token_has_one_pace_however_often_it_is_asked_for()
    {
        Answer[] answers = [Begin(LongPrompt(400)), Begin(LongPrompt(400))];
        Array.ForEach(answers, batch.Add);
        Assert.False(batch.Read());
        var read = answers.Sum(answer => answer.PromptRead);
        Assert.False(batch.Read());
        Assert.Equal(read, answers.Sum(answer => answer.PromptRead));
        batch.Generate();
        batch.Read();
        Assert.NotEqual(read, answers.Sum(answer => answer.PromptRead));
    }

    [Fact]
    public void Reading_together_gives_the_logits_of_reading_alone_and_leaves_the_slots_beside_as_they_were()
    {
        int[][] prompts = [LongPrompt(60), LongPrompt(45)];
        var held = LongPrompt(30);
        decoder.Prefill(0, held, 0);
        var alone = prompts.Select(prompt => decoder.Prefill(3, prompt, 0).ToArray()).ToList();

        var rows = decoder.Prefill([1, 2], prompts);

        Assert.All(rows.Zip(alone), pair => Assert.All(decoder.Row(pair.First).ToArray().Zip(pair.Second), logit => Assert.Equal(logit.Second, logit.First, 1e-3f)));
        decoder.Step([0], [held[0], 0, 0, 0], [held.Length, 0, 0, 0]);
        var after = decoder.Row(0).ToArray();
        decoder.Prefill(3, held, 0);
        decoder.Step([3], [0, 0, 0, held[0]], [0, 0, 0, held.Length]);
        Assert.Equal(after, decoder.Row(0).ToArray());
    }

    [Fact]
    public void Reading_in_pieces_gives_the_logits_of_reading_at_once()
    {
        var prompt = LongPrompt(400);
        var whole = decoder.Prefill(0, prompt, 0).ToArray();
        decoder.Prefill(1, prompt.AsSpan(0, 50), 0);
        var pieces = decoder.Prefill(1, prompt.AsSpan(50), 50).ToArray();
        Assert.All(whole.Zip(pieces), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void A_failure_ends_every_answer_with_it()
    {
        var answer = Begin(GuideGolden.All[0].IdsIn);
        batch.Add(answer);
        batch.Step();
        batch.Fail(new ModelFailedException("guide"));
        Assert.Equal(0, batch.Active);
        while (answer.Deltas.TryRead(out _))
        {
            // What was delivered before stays readable.
        }

        Assert.IsType<ModelFailedException>(answer.Deltas.Completion.Exception!.InnerException);
    }

    private Answer Begin(int[] prompt) => new(new([new("user", "")], 512), prompt, config, tokenizer);

    private int[] LongPrompt(int length)
    {
        var text = string.Concat(Enumerable.Repeat("How do I top up? What is a token? ", 60));
        return [.. tokenizer.Encode("<|im_start|>user\n" + text)[..(length - 10)], .. tokenizer.Encode("How do I top up?<|im_end|>\n<|im_start|>assistant\n")[^10..]];
    }

    private void RunToTheEnd()
    {
        while (batch.Active > 0)
        {
            batch.Step();
        }
    }
}
