using Portal.Commands.Bench;

namespace Portal.Tests.Commands.Bench;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void A_share_of_the_times_is_told_to_three_per_cent_and_never_too_small(int percent)
    {
        var times = Enumerable.Range(0, 20_000).Select(i => TimeSpan.FromMicroseconds(i % 2 == 0 ? i : i * 500L)).Order().ToList();
        var histogram = new LatencyHistogram();
        times.ForEach(histogram.Add);

        var exact = (decimal)times[Math.Min(times.Count - 1, times.Count * percent / 100)].TotalMilliseconds;

        Assert.InRange(histogram.At(percent), exact, (exact * 1.033m) + 0.01m);
    }

    [Fact]
    public void Without_any_time_every_share_is_zero() => Assert.Equal(0, new LatencyHistogram().At(99));
}
