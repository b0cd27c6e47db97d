using Portal.Tests.Benchmarks;

namespace Portal.Tests.Inference.Text.Cache;

/// <summary>Graphs without GroupQueryAttention, against the same weights with it.</summary>
public sealed class GrowingCacheTests
{
    private static readonly LlamaShape Grouped = LlamaShape.Tiny;
    private static readonly LlamaShape Ordinary = LlamaShape.Tiny with { Grouped = false };

    /// <summary>Of lengths that differ and some that are equal, so that rows meet and part.</summary>
    private static readonly (int[] Prompt, int TokensMax)[] Requests =
        [.. Enumerable.Range(0, 14).Select(i => (Enumerable.Range(0, 3 + (i % 4 * 5)).Select(at => ((i * 131) + (at * 17)) % 2000).ToArray(), 6 + (i % 5 * 4)))];

    private static readonly IReadOnlyList<int[]> Expected = RunWith(Grouped);

    [Fact]
    public void The_random_weights_say_something_different_to_every_prompt()
    {
        Assert.Equal(Requests.Length, Expected.Select(ids => string.Join(' ', ids)).Distinct().Count());
        Assert.All(Expected.Zip(Requests), pair => Assert.InRange(pair.First.Length, 1, pair.Second.TokensMax));
        Assert.InRange(Expected.SelectMany(ids => ids).Distinct().Count(), 50, 2048);
    }

    [Fact]
    public void Tokens_equal_those_of_the_same_weights_in_a_shared_buffer_one_answer_at_a_time()
    {
        using var scene = DecoderScene.Llama(Ordinary);
        Assert.Equal(Expected, Requests.Select(request => scene.Run(request)[0]));
    }

    [Fact]
    public void Tokens_equal_those_of_the_same_weights_in_a_shared_buffer_while_answers_join_and_leave() => Assert.Equal(Expected, RunWith(Ordinary));

    [Fact]
    public void Answers_of_equal_length_run_together_and_the_others_beside_them()
    {
        using var scene = DecoderScene.Llama(Ordinary);
        Assert.Equal([[0, 2], [3], [1]], scene.Decoder.Batches([0, 1, 2, 3], [5, 9, 5, 7]));
    }

    [Fact]
    public void Prompts_of_equal_length_are_read_together()
    {
        using var scene = DecoderScene.Llama(Ordinary);
        Assert.Equal(2, scene.Decoder.Together([0, 2, 3], [5, 5, 7]));
        int[][] prompts = [[.. Enumerable.Range(7, 20)], [.. Enumerable.Range(500, 20)]];
        var alone = prompts.Select(prompt => scene.Decoder.Prefill(1, prompt, 0).ToArray()).ToList();
        var rows = scene.Decoder.Prefill([0, 2], prompts);
        Assert.All(rows.Zip(alone), pair => Assert.All(scene.Decoder.Row(pair.First).ToArray().Zip(pair.Second), logit => Assert.Equal(logit.Second, logit.First, 1e-3f)));
    }

    [Fact]
    public void Answers_that_were_read_one_by_one_go_on_in_one_run()
    {
        using var scene = DecoderScene.Llama(Ordinary);
        int[][] prompts = [[.. Enumerable.Range(7, 20)], [.. Enumerable.Range(500, 20)]];
        scene.Decoder.Prefill(0, prompts[0], 0);
        scene.Decoder.Prefill(2, prompts[1], 0);
        scene.Decoder.Step([0, 2], [11, 0, 22, 0], [20, 0, 20, 0]);
        var together = new[] { scene.Decoder.Row(0).ToArray(), scene.Decoder.Row(1).ToArray() };

        foreach (var (i, prompt) in prompts.Index())
        {
            scene.Decoder.Prefill(1, prompt, 0);
            scene.Decoder.Step([1], [0, i == 0 ? 11 : 22, 0, 0], [0, 20, 0, 0]);
            Assert.All(scene.Decoder.Row(0).ToArray().Zip(together[i]), logit => Assert.Equal(logit.First, logit.Second, 1e-3f));
        }
    }

    [Fact]
    public void A_cancelled_answer_leaves_its_neighbours_of_the_same_run_as_they_were()
    {
        var same = Enumerable.Repeat((Requests[1].Prompt, 12), 3).ToArray();
        using var scene = DecoderScene.Llama(Ordinary);
        var alone = scene.Run(same[0])[0];
        var answers = same.Select(request => scene.Begin(request.Prompt, request.Item2)).ToList();
        answers.ForEach(scene.Batch.Add);
        while (answers[1].Output.Count < 4)
        {
            scene.Batch.Step();
        }

        answers[1].Cancel();
        scene.RunToTheEnd();
        Assert.Equal([alone, alone[..4], alone], answers.Select(answer => answer.Output));
    }

    [Fact]
    public void A_prompt_read_in_pieces_gives_the_logits_of_one_read_at_once()
    {
        using var scene = DecoderScene.Llama(Ordinary);
        int[] prompt = [.. Enumerable.Range(0, 60).Select(i => i * 31 % 2000)];
        var whole = scene.Decoder.Prefill(0, prompt, 0).ToArray();
        scene.Decoder.Prefill(1, prompt.AsSpan(0, 7), 0);
        scene.Decoder.Prefill(1, prompt.AsSpan(7, 30), 7);
        var pieces = scene.Decoder.Prefill(1, prompt.AsSpan(37), 37).ToArray();
        Assert.All(whole.Zip(pieces), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void A_context_can_be_filled_to_its_end()
    {
        var request = (Prompt: Enumerable.Range(0, Ordinary.Context - 5).ToArray(), 100);
        using var scene = DecoderScene.Llama(Ordinary);
        using var shared = DecoderScene.Llama(Grouped);
        var ids = scene.Run(request)[0];
        Assert.InRange(ids.Length, 1, 5);
        Assert.Equal(shared.Run(request)[0], ids);
    }

    [Fact]
    public void A_cache_in_half_precision_joins_and_leaves_as_it_runs_alone()
    {
        var half = Ordinary with { HalfCache = true };
        using var scene = DecoderScene.Llama(half);
        Assert.Equal(Requests.Select(request => scene.Run(request)[0]), RunWith(half));
        // Half precision moves logits by about a thousandth: the first tokens are the same, later ones may part at a near tie.
        Assert.InRange(Expected.Zip(RunWith(half)).Count(pair => pair.First[0] == pair.Second[0]), 12, 14);
    }

    [Fact]
    public void Idle_slots_between_far_ones_are_left_out_of_a_shared_buffers_run()
    {
        using var scene = DecoderScene.Llama(Grouped, slots: 16);
        Assert.Equal([[0, 1, 2, 3], [15]], scene.Decoder.Batches([0, 3, 15], new int[16]));
    }

    private static IReadOnlyList<int[]> RunWith(LlamaShape shape)
    {
        using var scene = DecoderScene.Llama(shape);
        return scene.Run(Requests);
    }
}
