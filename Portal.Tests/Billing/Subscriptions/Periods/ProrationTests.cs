using FsCheck;
using FsCheck.Fluent;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;

namespace Portal.Tests.Billing.Subscriptions.Periods;

public sealed class ProrationTests
{
    private const long Fee = 99 * Money.NanosPerUnit;

    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 500, 99_000_000_000)]
    [InlineData(15 * 86400, 500, 49_500_000_000)]
    [InlineData(1, 500, 98_999_961_806)]
    [InlineData(15 * 86400, 250, 49_500_000_000)]
    [InlineData(15 * 86400, 100, 19_800_000_000)]
    [InlineData(0, 0, 0)]
    [InlineData(30 * 86400, 500, 0)]
    public void B15_the_credit_is_that_of_the_unused_seconds_but_no_more_than_of_the_unspent_units(int secondsIn, long unspent, long nanos) =>
        Assert.Equal(nanos, Proration.CreditNanos(Fee, Start, End, Start.AddSeconds(secondsIn), unspent, 500));

    [Fact]
    public void B15_no_moment_and_no_burn_gives_back_more_than_the_fee_or_less_than_nothing() => Prop.ForAll(
        Arb.From(from seconds in Gen.Choose(-100, 31 * 86400) from unspent in Gen.Choose(0, 600) select (seconds, unspent)),
        x => Proration.CreditNanos(Fee, Start, End, Start.AddSeconds(x.seconds), x.unspent, 500) is >= 0 and <= Fee).QuickCheckThrowOnFailure();
}
