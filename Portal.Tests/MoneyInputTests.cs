namespace Portal.Tests;

public sealed class MoneyInputTests
{
    [Theory]
    [InlineData("100", 100_000_000_000)]
    [InlineData(" 99.50 ", 99_500_000_000)]
    [InlineData("0.01", 10_000_000)]
    [InlineData("¥20", 20_000_000_000)]
    [InlineData("１００．５", 100_500_000_000)]
    [InlineData("1.10000", 1_100_000_000)]
    public void What_is_an_amount_is_read_exactly(string typed, long nanos) => Assert.Equal(nanos, MoneyInput.Read(typed).Value.Nanos);

    [Theory]
    [InlineData(null, "money.not-a-number")]
    [InlineData("", "money.not-a-number")]
    [InlineData("NaN", "money.not-a-number")]
    [InlineData("Infinity", "money.not-a-number")]
    [InlineData("∞", "money.not-a-number")]
    [InlineData("1e3", "money.not-a-number")]
    [InlineData("1e30", "money.not-a-number")]
    [InlineData("0x10", "money.not-a-number")]
    [InlineData("$5", "money.not-a-number")]
    [InlineData("5 USD", "money.not-a-number")]
    [InlineData("€5", "money.not-a-number")]
    [InlineData("1,50", "money.not-a-number")]
    [InlineData("100 yuan", "money.not-a-number")]
    [InlineData("1.2.3", "money.not-a-number")]
    [InlineData("99999999999999999999999999999999999", "money.not-a-number")]
    [InlineData("0", "money.not-positive")]
    [InlineData("0.00", "money.not-positive")]
    [InlineData("-0", "money.not-positive")]
    [InlineData("-5", "money.not-positive")]
    [InlineData("1.001", "money.decimals")]
    [InlineData("0.0000001", "money.decimals")]
    [InlineData("99999999999999999999", "money.too-large")]
    public void What_is_none_is_refused_with_its_reason(string? typed, string code) => Assert.Equal(code, MoneyInput.Read(typed).Refusal?.Code);

    [Theory]
    [InlineData("0", null)]
    [InlineData("0.00", null)]
    [InlineData("０", null)]
    [InlineData("", "money.not-a-number")]
    [InlineData("-5", "money.not-positive")]
    public void A_limit_may_be_nothing_but_is_never_left_out(string typed, string? code)
    {
        var read = MoneyInput.Read(typed, zero: true);

        Assert.Equal(code, read.Refusal?.Code);
        if (code is null) Assert.Equal(0, read.Value.Nanos);
    }
}
