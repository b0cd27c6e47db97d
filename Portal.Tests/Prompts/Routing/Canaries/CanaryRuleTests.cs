using Portal.Prompts.Routing;
using Portal.Prompts.Routing.Canaries;

namespace Portal.Tests.Prompts.Routing.Canaries;

public sealed class CanaryRuleTests
{
    private static readonly CanaryOptions Options = new() { RequestsMin = 50, ExcessPercent = 20 };

    [Theory]
    [InlineData(1000, 100, 50, 5, null)]
    [InlineData(1000, 100, 50, 6, null)]
    [InlineData(1000, 100, 50, 7, RollbackReason.Errors)]
    [InlineData(1000, 0, 50, 2, null)]
    [InlineData(1000, 0, 50, 3, RollbackReason.Errors)]
    [InlineData(49, 0, 50, 50, null)]
    [InlineData(50, 0, 49, 49, null)]
    [InlineData(50, 0, 50, 50, RollbackReason.Errors)]
    public void It_is_taken_back_when_it_fails_more_often_than_allowed(long requests, long failures, long tried, long failed, RollbackReason? reason) =>
        Assert.Equal(reason, CanaryRule.Judge(new(requests, failures, 0), new(tried, failed, 0), Options));

    [Theory]
    [InlineData(120, null)]
    [InlineData(121, RollbackReason.Cost)]
    [InlineData(0, null)]
    public void It_is_taken_back_when_a_delivered_request_costs_more_than_allowed(long nanosEach, RollbackReason? reason)
    {
        Assert.Equal(reason, CanaryRule.Judge(new(1000, 0, 100_000), new(50, 0, 50 * nanosEach), Options));

        // As many failures on both sides change nothing about what was delivered.
        Assert.Equal(reason, CanaryRule.Judge(new(1000, 500, 50_000), new(50, 25, 25 * nanosEach), Options));
    }

    [Fact]
    public void Of_two_sides_that_do_alike_none_is_taken_back_and_the_worse_a_canary_does_the_surer_it_is()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var baseline = Side(random);
            Assert.Null(CanaryRule.Judge(baseline, baseline, Options));

            var canary = Side(random);
            if (CanaryRule.Judge(baseline, canary, Options) is null) continue;
            var worse = canary with { Failures = Math.Min(canary.Requests, canary.Failures + random.Next(3)), ChargedNanos = canary.ChargedNanos + random.Next(1000) };
            Assert.NotNull(CanaryRule.Judge(baseline, worse, Options));
            Assert.Null(CanaryRule.Judge(baseline with { Requests = Options.RequestsMin - 1, Failures = 0 }, worse, Options));
        }
    }

    [Fact]
    public void The_largest_figures_there_can_be_are_compared_exactly()
    {
        var baseline = new CanarySide(long.MaxValue / 2, 0, long.MaxValue / 2);

        Assert.Null(CanaryRule.Judge(baseline, baseline, Options));
        Assert.Equal(RollbackReason.Cost, CanaryRule.Judge(baseline, baseline with { Requests = baseline.Requests / 2 }, Options));
    }

    private static CanarySide Side(Random random)
    {
        var requests = random.Next(1, 2_000);
        return new CanarySide(requests, random.Next(requests / 4 + 1), random.Next(1, 1_000_000));
    }
}
