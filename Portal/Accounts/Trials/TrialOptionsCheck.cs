using Microsoft.Extensions.Options;

namespace Portal.Accounts.Trials;

/// <summary>Names every wrong key of the section at once; in Development there is a small trial unless something else is said.</summary>
internal sealed class TrialOptionsCheck(IHostEnvironment environment) : IPostConfigureOptions<TrialOptions>, IValidateOptions<TrialOptions>
{
    private const decimal InDevelopment = 2;
    private const decimal Most = 10_000;
    private const int DaysMost = 3 * 365;

    public void PostConfigure(string? name, TrialOptions options) => options.Amount ??= environment.IsDevelopment() ? InDevelopment : 0;

    public ValidateOptionsResult Validate(string? name, TrialOptions options)
    {
        var wrong = new List<string>();
        if (options.Amount is < 0 or > Most || decimal.Round(options.Amount ?? 0, 2) != (options.Amount ?? 0)) wrong.Add($"Trial:Amount must be from 0, which is none, to {Most} with at most two decimals.");
        if (options.Days is < 1 or > DaysMost) wrong.Add($"Trial:Days must be from 1 to {DaysMost}.");
        if (options.PerDevice < 1) wrong.Add("Trial:PerDevice must be 1 or more.");
        if (options.PerNetworkDay < 1) wrong.Add("Trial:PerNetworkDay must be 1 or more.");
        if (options.PerDay < 1) wrong.Add("Trial:PerDay must be 1 or more.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
