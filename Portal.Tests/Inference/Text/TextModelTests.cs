using Portal.Inference;
using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Tests.Inference.Text;

public sealed class TextModelTests(GuideFixture guide) : IClassFixture<GuideFixture>
{
    private static readonly GuideGolden Chinese = GuideGolden.All.First(golden => golden.Text.Contains('，', StringComparison.Ordinal));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Answers_of_two_batches_side_by_side_equal_the_goldens()
    {
        using var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Threads = 2, Slots = 5 });
        Assert.Equal(5, model.Load.Places);
        var answers = await Task.WhenAll(GuideGolden.All.Select(golden => Task.Run(() => Read(golden.Request, model))));
        Assert.All(GuideGolden.All.Zip(answers), pair => AssertGolden(pair.First, pair.Second));
    }

    [Fact]
    public async Task A_chinese_answer_streams_in_whole_characters_wherever_it_is_cut()
    {
        for (var max = 1; max < Chinese.IdsOut.Length; max++)
        {
            var deltas = await Read(Chinese.Request with { MaxTokens = max });
            var text = Text(deltas);
            Assert.StartsWith(text, Chinese.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('\uFFFD', text);
            Assert.Equal((FinishReason.Length, max), (deltas[^1].Finish, deltas[^1].Usage.OutputTokens));
            Assert.All(deltas.SkipLast(1), delta => Assert.NotEmpty(delta.Text));
        }
    }

    [Fact]
    public async Task Every_delta_carries_the_usage_so_far()
    {
        var golden = GuideGolden.All[0];
        var deltas = await Read(golden.Request);
        Assert.All(deltas, delta => Assert.Equal(golden.IdsIn.Length, delta.Usage.InputTokens));
        Assert.Equal(deltas.Select(delta => delta.Usage.OutputTokens).Order().Distinct(), deltas.Select(delta => delta.Usage.OutputTokens));
        Assert.Equal(golden.IdsOut.Length, deltas[^1].Usage.OutputTokens);
    }

    [Theory]
    [InlineData("demo", "Hello! I am guide, the small ")]
    [InlineData("nce, us", "Hello! I am guide, the small demo assistant of this billing portal. Ask me about plans, bala")]
    [InlineData("Hello", "")]
    public async Task A_stop_string_ends_the_answer_before_it(string stop, string expected)
    {
        var golden = GuideGolden.All[0];
        var deltas = await Read(golden.Request with { Stop = ["never said", stop] });
        Assert.Equal(expected, Text(deltas));
        Assert.Equal(FinishReason.Stop, deltas[^1].Finish);
        Assert.InRange(deltas[^1].Usage.OutputTokens, 1, golden.IdsOut.Length - 1);
    }

    [Fact]
    public async Task An_answer_ends_where_the_context_is_full()
    {
        var messages = PromptOf(tokens: 508);
        var deltas = await Read(new(messages, 512) { Sampling = new() { Temperature = 2, Seed = 3 } });
        Assert.Equal(FinishReason.Length, deltas[^1].Finish);
        Assert.Equal(new TextUsage(508, 4), deltas[^1].Usage);
    }

    [Fact]
    public async Task A_prompt_that_leaves_no_room_is_refused_with_the_counts()
    {
        Assert.NotEmpty(await Read(new(PromptOf(tokens: 511), 512)));
        var tooLong = await Assert.ThrowsAsync<PromptTooLongException>(() => Read(new(PromptOf(tokens: 512), 512)));
        Assert.Equal((512, 512), (tooLong.InputTokens, tooLong.ContextLength));

        var messages = new ChatMessage[] { new("user", new string('充', 100_000)) };
        tooLong = await Assert.ThrowsAsync<PromptTooLongException>(() => Read(new(messages, 1)));
        Assert.Equal(guide.Model.CountTokens(messages), tooLong.InputTokens);
        Assert.InRange(tooLong.InputTokens, 100_000, 300_020);
    }

    [Fact]
    public async Task A_seed_repeats_an_answer_and_another_varies_it()
    {
        var request = GuideGolden.All[0].Request with { Sampling = new() { Temperature = 2, Seed = 11 }, MaxTokens = 30 };
        var answer = Text(await Read(request));
        Assert.Equal(answer, Text(await Read(request)));
        Assert.NotEqual(answer, Text(await Read(request with { Sampling = request.Sampling with { Seed = 12 } })));
        AssertGolden(GuideGolden.All[0], await Read(GuideGolden.All[0].Request with { Sampling = new() { Temperature = 2, TopK = 1 } }));
    }

    [Fact]
    public async Task A_seed_means_the_same_answer_whatever_is_answered_beside_it()
    {
        var request = GuideGolden.All[0].Request with { Sampling = new() { Temperature = 1.5f, Seed = 7, MinP = 0.01f, PresencePenalty = 0.3f }, MaxTokens = 60 };
        var alone = Text(await Read(request));
        var crowd = Enumerable.Range(0, 12).Select(i => Read(Endless with { Sampling = new() { Temperature = 2, Seed = i }, MaxTokens = 40 + i })).ToList();
        var amidst = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Read(request)));
        await Task.WhenAll(crowd);
        Assert.All(amidst, answer => Assert.Equal(alone, Text(answer)));
    }

    [Fact]
    public async Task The_likelihoods_of_all_that_might_be_said_are_a_distribution_and_the_likeliest_is_said()
    {
        var deltas = await Read(GuideGolden.All[0].Request with { Likelihoods = 2048, MaxTokens = 12 });
        var tokens = deltas.SelectMany(delta => delta.Tokens).ToList();
        Assert.Equal(deltas[^1].Usage.OutputTokens, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(1, token.Top.Sum(t => Math.Exp(t.LogProbability)), 0.001));
        Assert.All(tokens, token => Assert.Equal(token.Top[0].LogProbability, token.Chosen.LogProbability));
        Assert.All(tokens, token => Assert.Equal(token.Top.OrderByDescending(t => t.LogProbability), token.Top));
        Assert.Equal(Text(deltas), System.Text.Encoding.UTF8.GetString([.. tokens.SelectMany(token => token.Chosen.Text)]));
        Assert.All(await Read(GuideGolden.All[0].Request), delta => Assert.Empty(delta.Tokens));
    }

    [Fact]
    public async Task An_answer_that_is_left_gives_its_slot_to_the_next()
    {
        using var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Slots = 1 });
        var left = model.Generate(Endless, Cancel);
        await foreach (var delta in left)
        {
            Assert.Null(delta.Finish);
            break;
        }

        AssertGolden(GuideGolden.All[0], await Read(GuideGolden.All[0].Request, model));
    }

    [Fact]
    public async Task Cancelling_ends_the_stream_and_gives_the_slot_to_the_next()
    {
        using var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Slots = 1 });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in model.Generate(Endless, cancel.Token))
            {
                Assert.Null(delta.Finish);
                await cancel.CancelAsync();
            }
        });
        AssertGolden(GuideGolden.All[0], await Read(GuideGolden.All[0].Request, model));
    }

    [Fact]
    public async Task A_full_queue_is_busy_and_those_in_it_are_served()
    {
        using var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Slots = 1, QueueMax = 2 });
        var started = new List<Task<List<TextDelta>>>();
        // A request is in the queue when the call returns; each answer takes far longer than that.
        var busy = await Assert.ThrowsAsync<ModelBusyException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var next = Read(GuideGolden.All[0].Request, model);
                if (next.IsFaulted)
                {
                    await next;
                }

                started.Add(next);
            }
        });
        Assert.Contains("'guide'", busy.Message, StringComparison.Ordinal);
        Assert.InRange(started.Count, 2, 999);
        Assert.All(await Task.WhenAll(started), deltas => AssertGolden(GuideGolden.All[0], deltas));
    }

    [Fact]
    public async Task Who_leaves_the_queue_fills_no_place_in_it()
    {
        using var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Slots = 1, QueueMax = 1 });
        await using var answering = model.Generate(Endless, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await answering.MoveNextAsync());
        for (var i = 0; i < 3; i++)
        {
            using var leaves = new CancellationTokenSource();
            await using var waiting = model.Generate(Endless, leaves.Token).GetAsyncEnumerator(Cancel);
            var first = waiting.MoveNextAsync();
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
            Assert.Equal(0, model.Load.Waiting.Sum());
        }
    }

    [Fact]
    public async Task A_model_that_is_disposed_ends_its_answers_with_a_failure()
    {
        var model = ShippedModels.OpenGuide(new() { Device = InferenceDevice.Cpu, Slots = 1 });
        // More work than is done before the next line runs, so that the last is still waiting.
        var answers = Enumerable.Range(0, 60).Select(_ => Read(Endless, model)).ToList();
        model.Dispose();
        // All of them: a stream ends on a thread of its own.
        await Assert.ThrowsAsync<ModelFailedException>(() => Task.WhenAll(answers));
        Assert.IsType<ModelFailedException>(answers[^1].Exception?.InnerException);
        Assert.All(answers, answer => Assert.True(answer.IsCompletedSuccessfully || answer.Exception?.InnerException is ModelFailedException));
        await Assert.ThrowsAnyAsync<Exception>(() => Read(GuideGolden.All[0].Request, model));
    }

    [Fact]
    public async Task Ids_that_the_graph_does_not_know_fail_the_request_alone()
    {
        using var models = new TemporaryModels();
        var folder = models.Copy(ShippedModels.Guide, "guide");
        var tokenizer = Path.Combine(folder, "tokenizer.json");
        await File.WriteAllTextAsync(tokenizer, (await File.ReadAllTextAsync(tokenizer, Cancel)).Replace("\"\u0101\": 1,", "\"\u0101\": 4000000000,", StringComparison.Ordinal), Cancel);
        var options = new InferenceOptions { Device = InferenceDevice.Cpu };
        using var model = new TextModel("guide", folder, new OnnxSessions(options), options, TimeProvider.System);
        await Assert.ThrowsAsync<ModelFailedException>(() => Read(new([new("user", "\u0001")], 10), model));
        AssertGolden(GuideGolden.All[0], await Read(GuideGolden.All[0].Request, model));
    }

    [Fact]
    public async Task Requests_out_of_range_are_bugs_of_the_caller()
    {
        TextRequest request = new([new("user", "hello")], 5);
        TextRequest[] wrong =
        [
            request with { MaxTokens = 0 }, request with { MaxTokens = -1 }, request with { Sampling = new() { Temperature = -0.1f } }, request with { Sampling = new() { Temperature = float.NaN } },
            request with { Sampling = new() { Temperature = 2.1f } }, request with { Sampling = new() { TopP = -0.1f } }, request with { Sampling = new() { TopP = 1.1f } }, request with { Sampling = new() { TopP = float.NaN } }, request with { Sampling = new() { TopK = -1 } },
            request with { Stop = [""] }, request with { Messages = [] }, request with { Messages = [new("tool", "hello")] },
        ];
        foreach (var one in wrong)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Read(one));
        }
    }

    /// <summary>Long enough that a test can act while it is generated: hot sampling seldom meets the end of a turn.</summary>
    private static TextRequest Endless => new([new("user", "hello")], 500) { Sampling = new() { Temperature = 2, Seed = 5 } };

    private static void AssertGolden(GuideGolden golden, List<TextDelta> deltas)
    {
        Assert.Equal(golden.Text, Text(deltas));
        Assert.Equal(new TextUsage(golden.IdsIn.Length, golden.IdsOut.Length), deltas[^1].Usage);
        Assert.Equal(FinishReason.Stop, deltas[^1].Finish);
        Assert.All(deltas.SkipLast(1), delta => Assert.Null(delta.Finish));
    }

    private static string Text(List<TextDelta> deltas) => string.Concat(deltas.Select(delta => delta.Text));

    /// <summary>A message whose filled template has exactly this many tokens.</summary>
    private ChatMessage[] PromptOf(int tokens)
    {
        ChatMessage[] Messages(int length) => [new("user", new string('#', length))];
        var length = Enumerable.Range(1, 2000).First(length => guide.Model.CountTokens(Messages(length)) == tokens);
        return Messages(length);
    }

    private async Task<List<TextDelta>> Read(TextRequest request, TextModel? model = null)
    {
        var deltas = new List<TextDelta>();
        await foreach (var delta in (model ?? guide.Model).Generate(request, Cancel))
        {
            deltas.Add(delta);
        }

        return deltas;
    }
}
