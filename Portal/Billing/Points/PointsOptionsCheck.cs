using Microsoft.Extensions.Options;

namespace Portal.Billing.Points;

/// <summary>Names every wrong key of the section at once.</summary>
internal sealed class PointsOptionsCheck(IHostEnvironment environment) : IPostConfigureOptions<PointsOptions>, IValidateOptions<PointsOptions>
{
    private const int Most = 1_000_000;
    private const int DaysMost = 3 * 365;

    public void PostConfigure(string? name, PointsOptions options) => options.Enabled ??= environment.IsDevelopment();

    public ValidateOptionsResult Validate(string? name, PointsOptions options)
    {
        var wrong = new List<string>();
        if (options.CheckIn is < 0 or > Most) wrong.Add($"Points:CheckIn must be from 0, which is none, to {Most}.");
        if (options.PerYuan is < 1 or > Most) wrong.Add($"Points:PerYuan must be from 1 to {Most}.");
        if (options.RedeemMin is < 1 or > Most) wrong.Add($"Points:RedeemMin must be from 1 to {Most}.");
        if (options.CreditDays is < 1 or > DaysMost) wrong.Add($"Points:CreditDays must be from 1 to {DaysMost}.");
        if (options.TopUpKeptDays is < 0 or > DaysMost) wrong.Add($"Points:TopUpKeptDays must be from 0 to {DaysMost}.");
        wrong.AddRange(options.Tasks.Where(t => !PointTasks.All.Contains(t.Key)).Select(t => $"Points:Tasks:{t.Key} is no task; there are {string.Join(", ", PointTasks.All)}."));
        wrong.AddRange(options.Tasks.Where(t => t.Value is < 0 or > Most).Select(t => $"Points:Tasks:{t.Key} must be from 0, which is none, to {Most}."));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
