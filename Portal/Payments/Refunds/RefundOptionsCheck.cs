using Microsoft.Extensions.Options;

namespace Portal.Payments.Refunds;

/// <summary>Names every wrong key of the section at once.</summary>
internal sealed class RefundOptionsCheck : IValidateOptions<RefundOptions>
{
    private const int ApprovalDaysMax = 60;
    private const int SelfServiceDaysMax = 365;
    private const decimal AmountMax = 1_000_000_000;

    public ValidateOptionsResult Validate(string? name, RefundOptions options)
    {
        var wrong = new List<string>();
        if (options.ApprovalAbove is < 0 or > AmountMax || decimal.Round(options.ApprovalAbove, 2) != options.ApprovalAbove)
            wrong.Add($"Refunds:ApprovalAbove must be from 0 to {AmountMax:0} with at most two decimals.");
        if (options.ApprovalDays is < 1 or > ApprovalDaysMax) wrong.Add($"Refunds:ApprovalDays must be from 1 to {ApprovalDaysMax}.");
        if (options.SelfServiceDays is < 0 or > SelfServiceDaysMax) wrong.Add($"Refunds:SelfServiceDays must be from 0 to {SelfServiceDaysMax}.");
        if (options.SelfServiceUnspentPercent is < 1 or > 100) wrong.Add("Refunds:SelfServiceUnspentPercent must be from 1 to 100.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
