using Portal.Payments.Sandbox;

namespace Portal.Tests.Payments.Sandbox;

public sealed class TestCardsTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("4242424242424242", "12/34", "123", null, null)]
    [InlineData("4242 4242 4242 4242", "7/26", "123", null, null)]
    [InlineData("5555-5555-5555-4444", "1234", "123", null, null)]
    [InlineData("378282246310005", "12 / 2034", "1234", null, null)]
    [InlineData("4242424242424241", "12/34", "123", "incorrect_number", null)]
    [InlineData("", "12/34", "123", "incorrect_number", null)]
    [InlineData("4242", "12/34", "123", "incorrect_number", null)]
    [InlineData("4242424242424242 or 1=1", "12/34", "123", "incorrect_number", null)]
    [InlineData("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "12/34", "123", "incorrect_number", null)]
    [InlineData("4242424242424242", "6/26", "123", "invalid_expiry_month", null)]
    [InlineData("4242424242424242", "13/34", "123", "invalid_expiry_month", null)]
    [InlineData("4242424242424242", "", "123", "invalid_expiry_month", null)]
    [InlineData("4242424242424242", "12/25", "123", "invalid_expiry_year", null)]
    [InlineData("4242424242424242", "12/2099", "123", "invalid_expiry_year", null)]
    [InlineData("4242424242424242", "12/3", "123", "invalid_expiry_year", null)]
    [InlineData("4242424242424242", "12/34", "12", "invalid_cvc", null)]
    [InlineData("4242424242424242", "12/34", "1234", "invalid_cvc", null)]
    [InlineData("4242424242424242", "12/34", "12a", "invalid_cvc", null)]
    [InlineData("378282246310005", "12/34", "123", "invalid_cvc", null)]
    [InlineData("4111111111111111", "12/34", "123", "card_declined", "test_mode_live_card")]
    public void What_was_typed_is_checked_before_any_bank_is_asked(string number, string expiry, string cvc, string? code, string? declineCode)
    {
        var (card, error) = CardInput.Typed(number, expiry, cvc).Check(Now);

        Assert.Equal(code is null, card is not null);
        Assert.Equal((code, declineCode), (error?.Code, error?.DeclineCode));
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline", "Your card was declined.")]
    [InlineData("4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds.")]
    [InlineData("4000000000009987", "card_declined", "lost_card", "Your card was declined.")]
    [InlineData("4000000000009979", "card_declined", "stolen_card", "Your card was declined.")]
    [InlineData("4000000000000069", "expired_card", "expired_card", "Your card has expired.")]
    [InlineData("4000000000000127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")]
    [InlineData("4000000000000119", "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit.")]
    public void Each_declining_card_declines_as_Stripe_documents(string number, string code, string declineCode, string message)
    {
        var error = TestCards.Decline(TestCards.Find(number)!);

        Assert.Equal((402, "card_error", code, declineCode, message), (error.Status, error.Type, error.Code, error.DeclineCode, error.Message));
    }
}
