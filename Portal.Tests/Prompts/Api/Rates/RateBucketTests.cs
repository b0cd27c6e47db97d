using Portal.Prompts.Api.Rates;

namespace Portal.Tests.Prompts.Api.Rates;

public sealed class RateBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hundred_at_once_then_a_minute_of_rest_then_a_hundred_again()
    {
        var bucket = new RateBucket(RateRule.Requests);
        for (var left = 99; left >= 0; left--) Assert.Equal((true, left), Taken(bucket.Take(1, Start)));

        Assert.Equal(new RateAnswer(false, 0, TimeSpan.FromMinutes(1)), bucket.Take(1, Start));
        Assert.Equal(new RateAnswer(false, 0, TimeSpan.FromSeconds(1)), bucket.Take(1, Start.AddSeconds(59)));
        Assert.Equal((true, 99), Taken(bucket.Take(1, Start.AddSeconds(60))));
    }

    [Fact]
    public void Twenty_a_second_go_on_for_ever()
    {
        var bucket = new RateBucket(RateRule.Requests);
        for (var second = 0; second < 600; second++)
        {
            for (var i = 0; i < 20; i++) Assert.True(bucket.Take(1, Start.AddSeconds(second)).Allowed);
        }

        Assert.Equal((true, 79), Taken(bucket.Take(1, Start.AddSeconds(599))));
    }

    [Fact]
    public void Without_a_rest_what_is_refused_tells_when_it_may_come_again()
    {
        var bucket = new RateBucket(RateRule.PicturesWithoutPlan);
        Assert.True(bucket.Take(4, Start).Allowed);

        Assert.Equal(new RateAnswer(false, 1, TimeSpan.FromSeconds(12)), bucket.Take(2, Start));
        Assert.True(bucket.Take(1, Start).Allowed);
        Assert.False(bucket.Take(1, Start.AddSeconds(11.9)).Allowed);
        Assert.True(bucket.Take(1, Start.AddSeconds(12)).Allowed);
    }

    [Fact]
    public void A_bucket_that_is_full_and_open_may_be_forgotten()
    {
        var bucket = new RateBucket(RateRule.Requests);
        Assert.True(bucket.IsFull(Start));
        bucket.Take(100, Start);
        bucket.Take(1, Start);
        Assert.False(bucket.IsFull(Start.AddSeconds(30)));
        Assert.True(bucket.IsFull(Start.AddSeconds(60)));
    }

    private static (bool, int) Taken(RateAnswer answer) => (answer.Allowed, answer.Remaining);
}
