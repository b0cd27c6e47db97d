using Portal.Inference.Text;
using Portal.Inference.Text.Engine;

namespace Portal.Tests.Inference.Text.Engine;

public sealed class PromptPaceTests
{
    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(100);

    private readonly PromptPace pace = new(StepMax, chunkMax: 512);

    [Theory]
    [InlineData(1_000, 0, 100)]
    [InlineData(500, 0, 50)]
    [InlineData(500, 40, 30)]
    [InlineData(100_000, 0, 512)]
    [InlineData(2_000, 40, 120)]
    public void A_chunk_becomes_what_can_be_read_in_the_step_at_this_speed(int tokensPerSecond, int fixedMilliseconds, int tokens)
    {
        for (var run = 0; run < 200; run++)
        {
            var time = TimeSpan.FromMilliseconds(fixedMilliseconds) + TimeSpan.FromSeconds((double)pace.Tokens / tokensPerSecond);
            pace.Took(pace.Tokens, time);
        }

        Assert.InRange(pace.Tokens, (tokens * 9 / 10) - 1, tokens);
    }

    [Fact]
    public void However_slow_a_model_is_its_prompts_get_on()
    {
        for (var run = 0; run < 20; run++)
        {
            pace.Took(pace.Tokens, TimeSpan.FromHours(1));
            Assert.InRange(pace.Tokens, 1, 32);
        }

        Assert.Equal(PromptPace.ChunkMin, pace.Tokens);
    }

    [Fact]
    public void A_run_that_took_too_long_is_followed_by_a_shorter_one_and_quick_ones_by_longer_ones()
    {
        var before = pace.Tokens;
        pace.Took(before, 2 * StepMax);
        Assert.Equal(before / 2, pace.Tokens);
        pace.Took(pace.Tokens, StepMax / 4);
        Assert.Equal(before, pace.Tokens);
    }

    [Fact]
    public void The_short_rest_of_a_prompt_says_nothing_about_the_speed()
    {
        var before = pace.Tokens;
        pace.Took(1, StepMax / 2);
        pace.Took(before - 1, StepMax / 100);
        Assert.Equal(before, pace.Tokens);
    }

    [Theory]
    [InlineData(new[] { 30, 30, 30 }, 512, 3)]
    [InlineData(new[] { 30, 30, 30 }, 89, 2)]
    [InlineData(new[] { 30, 40, 30 }, 512, 3)]
    [InlineData(new[] { 30, 90, 30 }, 512, 1)]
    [InlineData(new[] { 90, 90, 10, 90 }, 512, 2)]
    [InlineData(new[] { 100 }, 50, 1)]
    public void Prompts_are_read_together_that_fit_and_are_about_as_long(int[] lengths, int room, int count) => Assert.Equal(count, PromptPace.Fitting(lengths, room));

    [Fact]
    public void A_clock_that_stands_still_breaks_nothing()
    {
        pace.Took(pace.Tokens, TimeSpan.Zero);
        Assert.Equal(64, pace.Tokens);
        var tight = new PromptPace(StepMax, chunkMax: PromptPace.ChunkMin);
        tight.Took(tight.Tokens, TimeSpan.Zero);
        Assert.Equal(PromptPace.ChunkMin, tight.Tokens);
    }
}
