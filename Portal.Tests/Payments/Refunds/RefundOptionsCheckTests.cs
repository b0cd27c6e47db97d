using Portal.Payments.Refunds;

namespace Portal.Tests.Payments.Refunds;

public sealed class RefundOptionsCheckTests
{
    [Fact]
    public void Every_wrong_key_is_named_at_once()
    {
        var checkedOptions = new RefundOptionsCheck().Validate(null, new RefundOptions { ApprovalAbove = 0.001m, ApprovalDays = 0, SelfServiceDays = 366, SelfServiceUnspentPercent = 0 });

        Assert.Equal(
            ["Refunds:ApprovalAbove", "Refunds:ApprovalDays", "Refunds:SelfServiceDays", "Refunds:SelfServiceUnspentPercent"],
            checkedOptions.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void What_is_shipped_is_right() => Assert.True(new RefundOptionsCheck().Validate(null, new RefundOptions()).Succeeded);
}
