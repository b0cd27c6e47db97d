using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Shared.Amounts;

public sealed class FiguresTests : ComponentTest
{
    [Theory]
    [InlineData(0, "¥0.00")]
    [InlineData(1_234_567_890_000_000, "¥1,234,567.89")]
    [InlineData(10_000_000, "¥0.01")]
    [InlineData(12_600_000, "¥0.01")]
    [InlineData(15_000_000, "¥0.02")]
    [InlineData(25_000_000, "¥0.02")]
    [InlineData(9_999_999, "¥0.01")]
    [InlineData(4_200_000, "¥0.0042")]
    [InlineData(1_234_567, "¥0.00123457")]
    [InlineData(4_200, "¥0.0000042")]
    [InlineData(1, "¥0.000000001")]
    [InlineData(-5_000_000_000, "−¥5.00")]
    [InlineData(-1, "−¥0.000000001")]
    [InlineData(long.MaxValue, "¥9,223,372,036.85")]
    [InlineData(long.MinValue, "−¥9,223,372,036.85")]
    public void An_amount_has_two_decimals_unless_it_is_tiny(long nanos, string written) => Assert.Equal(written, new Money(nanos).Write());

    [Theory]
    [InlineData(12_600_000, "¥0.0126")]
    [InlineData(20_000_000_000, "¥20.00")]
    [InlineData(1_000_000_001, "¥1.000000001")]
    public void A_receipt_shows_every_decimal(long nanos, string written) => Assert.Equal(written, new Money(nanos).Write(exact: true));

    [Theory]
    [InlineData(99_999_000_000, "¥99.99")]
    [InlineData(100_000_000_000, "¥100.00")]
    [InlineData(9_999_999, "¥0.00999999")]
    [InlineData(1_234_567, "¥0.00123456")]
    [InlineData(-5_001_000_000, "−¥5.01")]
    public void What_is_available_is_never_rounded_up(long nanos, string written) => Assert.Equal(written, new Money(nanos).Write(available: true));

    [Fact]
    public void The_exact_amount_is_in_the_title_where_digits_are_left_out()
    {
        Assert.Equal("¥99.999", Render<MoneyText>(p => p.Add(c => c.Amount, new Money(99_999_000_000)).Add(c => c.Available, true)).Find(".money").GetAttribute("title"));
        Assert.Null(Render<MoneyText>(p => p.Add(c => c.Amount, new Money(20_000_000_000))).Find(".money").GetAttribute("title"));
    }

    [Fact]
    public void What_came_in_can_carry_a_plus()
    {
        Assert.Equal("+¥5.00", new Money(5_000_000_000).Write(plus: true));
        Assert.Equal("¥0.00", Money.Zero.Write(plus: true));
        Assert.Equal("−¥5.00", new Money(-5_000_000_000).Write(plus: true));
    }

    [Fact]
    public void A_currency_without_a_symbol_is_named() => Assert.Equal("CHF\u00a01.00", Money.FromAmount(1).Write("CHF"));

    [Fact]
    public void Both_languages_write_amounts_alike()
    {
        Speak("zh-CN");
        Assert.Equal("¥1,234.50", Money.FromAmount(1234.5m).Write());
    }

    [Theory]
    [InlineData("en", 1, Unit.Images, "1 image")]
    [InlineData("en", 50_000, Unit.Tokens, "50,000 tokens")]
    [InlineData("en", 0, Unit.Images, "0 images")]
    [InlineData("zh-CN", 200, Unit.Images, "200 张图片")]
    [InlineData("zh-CN", 50_000, Unit.Tokens, "50,000 token")]
    public void Units_are_counted_in_words(string language, long units, Unit unit, string written)
    {
        Speak(language);
        Assert.Equal(written, Services.GetRequiredService<IStringLocalizer<SharedText>>().Count(units, unit));
    }

    [Fact]
    public void A_quota_tells_a_screen_reader_what_is_left()
    {
        var bar = Render<QuotaBar>(p => p.Add(c => c.Label, "Tokens").Add(c => c.Left, 41_000).Add(c => c.Total, 50_000).Add(c => c.Unit, Unit.Tokens));

        var meter = bar.Find("[role=meter]");
        Assert.Equal("41000", meter.GetAttribute("aria-valuenow"));
        Assert.Contains("41,000 of 50,000 tokens left", bar.Markup, StringComparison.Ordinal);
        Assert.Contains("width:82%", bar.Find(".quota-fill").GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quota_without_a_limit_has_no_bar()
    {
        var bar = Render<QuotaBar>(p => p.Add(c => c.Label, "Images").Add(c => c.Left, 0).Add(c => c.Total, 0).Add(c => c.Unit, Unit.Images).Add(c => c.Unlimited, true));

        Assert.Empty(bar.FindAll("[role=meter]"));
        Assert.Contains("Unlimited", bar.Markup, StringComparison.Ordinal);
    }
}
