using Microsoft.AspNetCore.Http;
using Portal.Prompts.Api.Rates;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Rates;

public sealed class RateBucketTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void A_hundred_at_once_then_a_minute_of_rest_then_a_hundred_again()
    {
        var bucket = new RateBucket(RateRule.Requests);
        for (var left = 99; left >= 0; left--) Assert.Equal((true, left), Taken(bucket.Take(1, Start)));

        Assert.Equal(new RateAnswer(false, 0, TimeSpan.FromMinutes(1)), bucket.Take(1, Start));
        Assert.Equal(new RateAnswer(false, 0, TimeSpan.FromSeconds(1)), bucket.Take(1, Start + TimeSpan.FromSeconds(59)));
        Assert.Equal((true, 99), Taken(bucket.Take(1, Start + TimeSpan.FromSeconds(60))));
    }

    [Fact]
    public void Twenty_a_second_go_on_for_ever()
    {
        var bucket = new RateBucket(RateRule.Requests);
        for (var second = 0; second < 600; second++)
        {
            for (var i = 0; i < 20; i++) Assert.True(bucket.Take(1, Start + TimeSpan.FromSeconds(second)).Allowed);
        }

        Assert.Equal((true, 79), Taken(bucket.Take(1, Start + TimeSpan.FromSeconds(599))));
    }

    [Fact]
    public void Without_a_rest_what_is_refused_tells_when_it_may_come_again()
    {
        var bucket = new RateBucket(RateRule.PicturesWithoutPlan);
        Assert.True(bucket.Take(4, Start).Allowed);

        Assert.Equal(new RateAnswer(false, 1, TimeSpan.FromSeconds(12)), bucket.Take(2, Start));
        Assert.True(bucket.Take(1, Start).Allowed);
        Assert.False(bucket.Take(1, Start + TimeSpan.FromSeconds(11.9)).Allowed);
        Assert.True(bucket.Take(1, Start + TimeSpan.FromSeconds(12)).Allowed);
    }

    [Fact]
    public void A_bucket_that_is_full_and_open_may_be_forgotten()
    {
        var bucket = new RateBucket(RateRule.Requests);
        Assert.True(bucket.IsFull(Start));
        bucket.Take(100, Start);
        bucket.Take(1, Start);
        Assert.False(bucket.IsFull(Start + TimeSpan.FromSeconds(30)));
        Assert.True(bucket.IsFull(Start + TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_locks_nobody_out()
    {
        var time = new FakeTime();
        var rates = new RequestRates(time);
        var http = new DefaultHttpContext();
        for (var i = 0; i < RateRule.Requests.Burst; i++) Assert.Null(rates.Take(http, RateRule.Requests, "key"));
        Assert.Equal("60", rates.Take(http, RateRule.Requests, "key")?.Args[0]);

        time.SetClock(-TimeSpan.FromHours(24));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(rates.Take(http, RateRule.Requests, "key"));
    }

    private static (bool, int) Taken(RateAnswer answer) => (answer.Allowed, answer.Remaining);
}
