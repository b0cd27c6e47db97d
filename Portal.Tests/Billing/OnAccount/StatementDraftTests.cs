using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.OnAccount;

public sealed class StatementDraftTests
{
    [Theory]
    [InlineData("0", "60", "0", "on-account.used 60.00")]
    [InlineData("12.341", "0", "2.004", "on-account.before 12.35, on-account.repaid -2.01")]
    [InlineData("12.341", "0.123456789", "0", "on-account.before 12.35, on-account.used 0.12")]
    [InlineData("12.341", "5.005", "12.341", "on-account.before 12.35, on-account.used 5.00, on-account.repaid -12.34")]
    public void A_statement_asks_for_what_is_owed_rounded_up_and_its_lines_add_up(string before, string used, string repaid, string expected)
    {
        var (b, u, r) = (Nanos(before), Nanos(used), Nanos(repaid));
        var draft = StatementDraft.Of(new PostpaidStatement { AccountId = Guid.NewGuid(), Month = "2026-07", BeforeNanos = b, UsedNanos = u, RepaidNanos = r, OwedNanos = b + u - r });

        Assert.Equal(expected, string.Join(", ", draft.Lines.Select(l => $"{l.Kind} {new Money(l.AmountNanos).ToTwoDecimals()}")));
        Assert.Equal(new Money(b + u - r).CeilingToMinorUnits().Nanos, draft.TotalNanos);
        Assert.Equal(draft.TotalNanos, draft.ExactNanos);
    }

    private static long Nanos(string amount) => Money.FromAmount(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)).Nanos;
}
