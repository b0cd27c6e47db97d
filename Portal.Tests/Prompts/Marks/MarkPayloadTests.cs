using Portal.Prompts.Marks;

namespace Portal.Tests.Prompts.Marks;

public sealed class MarkPayloadTests
{
    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("2026-11-22")]
    [InlineData("2199-06-05")]
    public void Day_and_tags_come_back_from_the_bits(string day)
    {
        var payload = MarkPayload.Of(DateOnly.Parse(day, null), Guid.NewGuid(), Guid.NewGuid());

        Assert.Equal(payload, MarkPayload.From(payload.Bits));
        Assert.Equal(DateOnly.Parse(day, null), MarkPayload.From(payload.Bits).Day);
    }

    [Fact]
    public void Requests_of_one_moment_have_tags_of_their_own()
    {
        var now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var requests = Enumerable.Range(0, 2000).Select(_ => Guid.CreateVersion7(now)).ToList();

        // Of 2 million pairs one in 2^28 shares its tag: hardly ever one.
        Assert.InRange(requests.Select(MarkPayload.RequestTag).Distinct().Count(), 1999, 2000);
        Assert.InRange(requests.Select(MarkPayload.AccountTag).Distinct().Count(), 1980, 2000);
    }
}
