using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Payments.Declines;

namespace Portal.Tests.Payments.Declines;

/// <summary>Codes of declines as sentences, and which of them are final.</summary>
public sealed class DeclineWordsTests
{
    [Theory]
    [InlineData("generic_decline", false)]
    [InlineData("insufficient_funds", false)]
    [InlineData("card_velocity_exceeded", false)]
    [InlineData("do_not_honor", false)]
    [InlineData("processing_error", false)]
    [InlineData("authentication_required", false)]
    [InlineData("payment_intent_authentication_failure", false)]
    [InlineData("unconfirmed", false)]
    [InlineData("lost_card", true)]
    [InlineData("stolen_card", true)]
    [InlineData("expired_card", true)]
    [InlineData("incorrect_cvc", true)]
    [InlineData("incorrect_number", true)]
    [InlineData("fraudulent", true)]
    [InlineData("resource_missing", true)]
    public void A_code_says_what_was_not_charged_and_whether_the_card_is_worth_another_try(string code, bool hard)
    {
        Assert.Equal(hard, DeclineCodes.IsHard(code));
        Assert.Contains("Nothing was charged", In("en", code), StringComparison.Ordinal);
        Assert.Matches("未产生扣款|尚未扣款", In("zh-CN", code));
        Assert.NotEqual(In("en", "other"), In("en", code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a_code_of_next_year")]
    public void A_code_without_words_is_not_final_and_shares_a_sentence(string? code)
    {
        Assert.False(DeclineCodes.IsHard(code));
        Assert.Equal("Nothing was charged. Try again or use another card.", In("en", code));
    }

    private static string In(string language, string? code)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = new CultureInfo(language);
            using var services = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<DeclineWords>().BuildServiceProvider();
            return services.GetRequiredService<DeclineWords>().Say(code);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
