using Portal.Inference.Text;
using Portal.Inference.Text.Answers;

namespace Portal.Tests.Inference.Text.Answers;

public sealed class SamplerTests
{
    /// <summary>Probabilities 0.1, 0.4, 0.2, 0.3 at temperature 1.</summary>
    private static readonly float[] Logits = [MathF.Log(1), MathF.Log(4), MathF.Log(2), MathF.Log(3)];

    private static readonly Sampling Request = new() { Temperature = 1, Seed = 1 };

    [Fact]
    public void Without_temperature_the_likeliest_token_is_taken() =>
        Assert.Equal(1, new Sampler(Request with { Temperature = 0 }, []).Next(Logits));

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_likely() =>
        Assert.All(Frequencies(Request).Zip([0.1, 0.4, 0.2, 0.3]), pair => Assert.Equal(pair.Second, pair.First, 0.02));

    [Fact]
    public void A_higher_temperature_evens_out_and_a_lower_one_sharpens()
    {
        Assert.InRange(Frequencies(Request with { Temperature = 2 })[1], 0.28, 0.36);
        Assert.InRange(Frequencies(Request with { Temperature = 0.25f })[1], 0.65, 0.85);
    }

    [Fact]
    public void Top_k_leaves_the_likeliest_few() =>
        Assert.All(Frequencies(Request with { TopK = 2 }).Zip([0, 4 / 7.0, 0, 3 / 7.0]), pair => Assert.Equal(pair.Second, pair.First, 0.02));

    [Theory]
    [InlineData(0.01f, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0.5f, new[] { 0, 4 / 7.0, 0, 3 / 7.0 })]
    [InlineData(0.85f, new[] { 0, 4 / 9.0, 2 / 9.0, 3 / 9.0 })]
    public void Top_p_leaves_the_likeliest_that_reach_it(float topP, double[] expected) =>
        Assert.All(Frequencies(Request with { TopP = topP }).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.02));

    [Fact]
    public void A_seed_draws_the_same_again_and_none_draws_afresh()
    {
        Assert.Equal(Draw(Request, 50), Draw(Request, 50));
        Assert.NotEqual(Draw(Request, 50), Draw(Request with { Seed = 2 }, 50));
        Assert.NotEqual(Draw(Request with { Seed = null }, 50), Draw(Request with { Seed = null }, 50));
    }

    [Theory]
    [InlineData(0.2f, new[] { 0.1, 0.4, 0.2, 0.3 })]
    [InlineData(0.6f, new[] { 0, 4 / 7.0, 0, 3 / 7.0 })]
    [InlineData(1f, new[] { 0, 1.0, 0, 0 })]
    public void Min_p_leaves_those_that_are_not_much_less_likely_than_the_likeliest(float minP, double[] expected) =>
        Assert.All(Frequencies(Request with { MinP = minP }).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.02));

    [Fact]
    public void What_the_answer_has_gets_less_likely_each_time_by_the_frequency_penalty()
    {
        var sampler = new Sampler(new() { FrequencyPenalty = 0.2f }, []);
        Assert.Equal([1, 1, 3, 1, 3, 1], Enumerable.Range(0, 6).Select(_ => sampler.Next(Logits)));
    }

    [Fact]
    public void What_the_answer_has_gets_less_likely_once_by_the_presence_penalty()
    {
        var sampler = new Sampler(new() { PresencePenalty = 0.5f }, []);
        Assert.Equal([1, 3, 1, 1, 1], Enumerable.Range(0, 5).Select(_ => sampler.Next(Logits)));
    }

    [Fact]
    public void What_the_prompt_has_gets_less_likely_by_the_repetition_penalty_whether_its_logit_is_positive_or_negative()
    {
        Assert.Equal(3, new Sampler(new() { RepetitionPenalty = 2 }, [1]).Next(Logits));
        Assert.Equal(0, new Sampler(new() { RepetitionPenalty = 2 }, [1]).Next([-1.5f, -1]));
        Assert.Equal(1, new Sampler(new() { RepetitionPenalty = 0.5f }, [1]).Next([1.5f, 1]));
    }

    private static List<double> Frequencies(Sampling request)
    {
        var drawn = Draw(request, 10_000);
        return [.. Enumerable.Range(0, Logits.Length).Select(token => drawn.Count(other => other == token) / (double)drawn.Count)];
    }

    private static List<int> Draw(Sampling request, int count)
    {
        var sampler = new Sampler(request, []);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next(Logits))];
    }
}
